package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.StackView;
import dev.holdfast.model.Health;
import dev.holdfast.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README's table of alerts names each alert that Holdfast can send, and no other. */
class AlertTableTest {
    private static final Path MAIN = Path.of("src/main/java/dev/holdfast");
    private static final Pattern HELD = Pattern.compile(
            "(?:Status\\.(?:Stalled|AwaitingApproval),\\s*|\\bapproval\\(\\s*|LimitHold\\(\\s*)Reason\\.(\\w+)"
                    + "|Reason\\.(\\w+NeedsApproval)");
    private static final Pattern ROW = Pattern.compile("^\\| ((?:`\\w+` ?)+)\\| (?:Critical|Warning|Notice)");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    /** These reasons of resources are part of another alert. */
    private static final Set<String> PART_OF_ANOTHER = Set.of("PlanOverLimit", "UnexpectedCopy");

    @Test
    void namesEachAlert() throws IOException {
        Set<String> sent = new TreeSet<>(Set.of(
                StackView.PASS_FAILED,
                StackView.GUARDRAILS_OUTDATED,
                StackView.ORPHAN_SEARCH_FAILED,
                StackView.REVISION_REFUSED,
                StackView.UNMANAGED,
                AlertCause.DESIRED_STATE_UNREADABLE,
                AlertCause.NO_STACKS,
                AlertCause.CHANGE_EVENTS_UNREADABLE,
                AlertCause.LEASE_UNREACHABLE,
                AlertCause.RESOURCE_FAILED,
                AlertCause.READ_FAILED,
                AlertCause.ROLLOUT_FAILED,
                AlertCause.CONTESTED,
                HealthAlerts.NOT_READY,
                Reason.AccessInUse.name(),
                AlertCause.UNEXPECTED,
                AlertCause.UNEXPECTED_CHILD,
                Health.ROTATION_STUCK,
                SupportAlerts.REASON,
                AlertRules.DRIFT_REPAIRED));
        sent.addAll(heldReasons());

        assertThat(table()).isEqualTo(sent);
    }

    /** The reasons with which the source holds a step or stalls a resource; a failed rollout has its own name. */
    private static Set<String> heldReasons() throws IOException {
        Set<String> reasons = new TreeSet<>();
        for (String folder : new String[] {"plan", "engine"}) {
            try (Stream<Path> files = Files.list(MAIN.resolve(folder))) {
                for (Path file : files.toList()) {
                    HELD.matcher(Files.readString(file))
                            .results()
                            .forEach(found -> reasons.add(found.group(1) == null ? found.group(2) : found.group(1)));
                }
            }
        }
        assertThat(reasons).contains("ReplaceNeedsApproval", "LimitExceeded", "UpgradeHold", "PolicyDenied");
        assertThat(reasons.remove("RolloutHeld")).isTrue();
        reasons.removeAll(PART_OF_ANOTHER);
        return reasons;
    }

    private static Set<String> table() throws IOException {
        return Files.readString(Path.of("README.md"))
                .lines()
                .map(ROW::matcher)
                .filter(row -> row.lookingAt())
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map((MatchResult name) -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
