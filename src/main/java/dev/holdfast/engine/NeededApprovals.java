package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.HeldStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The steps of a plan that wait for an approval, and for each the other steps that have to be approved too. */
public final class NeededApprovals {
    private NeededApprovals() {}

    /** @param verdicts of all steps, in the plan's order */
    public static List<HeldStep> of(Map<Step, Verdict> verdicts) {
        Map<ResourceId, List<Step>> steps = new HashMap<>();
        verdicts.keySet()
                .forEach(step -> steps.computeIfAbsent(step.resource(), r -> new ArrayList<>())
                        .add(step));
        List<HeldStep> held = new ArrayList<>();
        verdicts.forEach((step, verdict) -> {
            if (verdict.isApprovable()) {
                String message = verdict instanceof Verdict.Held h ? h.message() : null;
                List<String> needs = before(step, steps).stream()
                        .filter(other -> verdicts.get(other) instanceof Verdict one && one.isApprovable())
                        .map(Step::hash)
                        .sorted()
                        .toList();
                held.add(new HeldStep(step.hash(), step.resource(), step.action(), message, needs));
            }
        });
        return held;
    }

    /** The further steps that have to be approved before these steps can begin. */
    public static List<HeldStep> besides(Collection<String> hashes, List<HeldStep> held) {
        Set<String> needed = new HashSet<>();
        held.stream().filter(s -> hashes.contains(s.hash())).forEach(s -> needed.addAll(s.needs()));
        needed.removeAll(hashes);
        return held.stream().filter(s -> needed.contains(s.hash())).toList();
    }

    /** All steps that have to be carried out before this one, directly or not. */
    private static Set<Step> before(Step step, Map<ResourceId, List<Step>> steps) {
        Set<Step> all = new HashSet<>();
        Deque<Step> open = new ArrayDeque<>(List.of(step));
        while (!open.isEmpty()) {
            for (ResourceId on : open.pop().after()) {
                steps.getOrDefault(on, List.of()).stream()
                        .filter(s -> !s.equals(step) && all.add(s))
                        .forEach(open::push);
            }
        }
        return all;
    }
}
