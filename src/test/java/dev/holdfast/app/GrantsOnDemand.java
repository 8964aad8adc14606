package dev.holdfast.app;

import dev.holdfast.engine.World;
import dev.holdfast.twin.CallJudge;
import dev.holdfast.twin.JudgedCall;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A role that begins without any permission. It gets each denied action once the status or an event has named the
 * action. So no action is granted without need, and no granted action hides a missing one.
 */
final class GrantsOnDemand implements CallJudge {
    /** The time within which the status or an event must name a missing permission. */
    private static final int PATIENCE_MINUTES = 15;

    private final Set<String> granted = ConcurrentHashMap.newKeySet();
    /** The number of minutes since each action was first denied. */
    private final Map<String, Integer> denied = new ConcurrentHashMap<>();

    /** The denied actions that the status or an event has named. */
    private final Set<String> told = new TreeSet<>();

    private final Set<String> untold = new TreeSet<>();
    private int quiet;

    @Override
    public @Nullable String lacks(JudgedCall call) {
        if (call.operation().equals("sts:GetCallerIdentity")) {
            return null;
        }
        String lacking = Stream.concat(call.actions().stream(), call.besides().stream())
                .filter(action -> !granted.contains(action))
                .findFirst()
                .orElse(null);
        if (lacking != null) {
            denied.putIfAbsent(lacking, 0);
        }
        return lacking;
    }

    /**
     * Notes the actions that the status or an event names. Called after each pass: the status names a fact that was not
     * read, such as the reasons of stopped tasks, only until a rollout ends.
     */
    void listen(World world) {
        Set<String> open = new TreeSet<>(denied.keySet());
        open.removeAll(told);
        if (open.isEmpty()) {
            return;
        }
        StringBuilder said = new StringBuilder(world.view().toString());
        world.events.forEach(event -> said.append(event.message()).append('\n'));
        for (String action : open) {
            // One action's name may begin with another's: ec2:CreateRoute and ec2:CreateRouteTable.
            if (Pattern.compile(Pattern.quote(action) + "(?![A-Za-z])")
                    .matcher(said)
                    .find()) {
                told.add(action);
            }
        }
    }

    /** Grants the actions that were named. Called after each minute of the driven clock. */
    void grant() {
        quiet = denied.isEmpty() ? quiet + 1 : 0;
        for (String action : Set.copyOf(denied.keySet())) {
            if (!told.contains(action) && denied.merge(action, 1, Integer::sum) > PATIENCE_MINUTES) {
                untold.add(action);
            }
            if (told.contains(action) || untold.contains(action)) {
                granted.add(action);
                denied.remove(action);
            }
        }
    }

    /** The number of minutes without a denial. */
    int quietMinutes() {
        return quiet;
    }

    Set<String> granted() {
        return new TreeSet<>(granted);
    }

    /** The denied actions that neither the status nor an event has named. */
    Set<String> untold() {
        return untold;
    }
}
