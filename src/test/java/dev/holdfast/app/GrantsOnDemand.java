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
 * A role that begins without any permission. It gets each denied action once an alert has named the action. So no
 * action is granted without need, and no granted action hides a missing one.
 */
final class GrantsOnDemand implements CallJudge {
    /** The time within which an alert must name a missing permission. */
    private static final int PATIENCE_MINUTES = 15;

    private final Set<String> granted = ConcurrentHashMap.newKeySet();
    /** The number of minutes since each action was first denied. */
    private final Map<String, Integer> denied = new ConcurrentHashMap<>();

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

    /** Grants the actions that alerts have named. Called after each minute of the driven clock. */
    void grant(World world) {
        quiet = denied.isEmpty() ? quiet + 1 : 0;
        if (denied.isEmpty()) {
            return;
        }
        StringBuilder said = new StringBuilder(world.view().toString());
        world.events.forEach(event -> said.append(event.message()).append('\n'));
        for (String action : Set.copyOf(denied.keySet())) {
            // One action's name may begin with another's: ec2:CreateRoute and ec2:CreateRouteTable.
            boolean told = Pattern.compile(Pattern.quote(action) + "(?![A-Za-z])")
                    .matcher(said)
                    .find();
            if (!told && denied.merge(action, 1, Integer::sum) > PATIENCE_MINUTES) {
                untold.add(action);
            }
            if (told || untold.contains(action)) {
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

    /** The denied actions that no alert has named. */
    Set<String> untold() {
        return untold;
    }
}
