package dev.holdfast.engine;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The steps of a plan that wait for a person: the count that the alert, the page, the API, the commands and the metrics
 * show.
 *
 * @param held steps that are held
 * @param following steps that wait for a held step, directly or through others
 */
public record HeldSteps(int held, int following) {
    static HeldSteps of(Map<Step, Verdict> verdicts) {
        Set<ResourceId> waited = new HashSet<>();
        Set<Step> following = new HashSet<>();
        int held = 0;
        for (Map.Entry<Step, Verdict> entry : verdicts.entrySet()) {
            if (entry.getValue() instanceof Verdict.Held) {
                held++;
                waited.add(entry.getKey().resource());
            }
        }
        boolean more = true;
        while (more) {
            more = false;
            for (Map.Entry<Step, Verdict> entry : verdicts.entrySet()) {
                if (follows(entry.getKey(), entry.getValue(), waited) && following.add(entry.getKey())) {
                    waited.add(entry.getKey().resource());
                    more = true;
                }
            }
        }
        return new HeldSteps(held, following.size());
    }

    private static boolean follows(Step step, Verdict verdict, Set<ResourceId> waited) {
        return switch (verdict) {
            case Verdict.Blocked blocked ->
                waited.contains(blocked.on()) || step.after().stream().anyMatch(waited::contains);
            case Verdict.AfterReplacement follows ->
                waited.contains(follows.on()) || step.after().stream().anyMatch(waited::contains);
            case Verdict.Held held -> false;
            case Verdict.Allowed go -> false;
            case Verdict.RetryAt later -> false;
        };
    }

    public int count() {
        return held + following;
    }

    /** For example {@code 55 steps wait: 23 are held, 32 follow}. */
    public String words() {
        String all = count() + (count() == 1 ? " step waits" : " steps wait");
        return following == 0
                ? all + " for a person"
                : all + ": " + held + (held == 1 ? " is held, " : " are held, ") + following
                        + (following == 1 ? " follows" : " follow");
    }
}
