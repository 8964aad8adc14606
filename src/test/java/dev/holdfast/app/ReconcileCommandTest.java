package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** {@code reconcile} ends when the stack has converged, is held, or cannot continue by itself. */
@QuarkusTest
class ReconcileCommandTest extends CommandsCase {
    @Test
    void reconcileConvergesFromS3() {
        installation.bucket("reconciling");
        environment.remove("HOLDFAST_STATE");
        String directory = directory("rec", "", LOGS.formatted("/rec/app", 7));
        run("publish", directory, "--stack", "rec", "--to", "s3://reconciling/d", "--yes")
                .exits(0);

        run("reconcile", "s3://reconciling/d", "--stack", "rec", "--timeout", "2m")
                .exits(0)
                .prints("RevisionTaken", "LogGroup/app CreateRequested", "rec has converged: 1 resources");

        assertThat(logGroup("/rec/app")).isEqualTo(7);
        run("reconcile", "s3://reconciling/d", "--stack", "nope")
                .exits(1)
                .complains("there is no stack nope", "the stacks there are rec");
    }

    @Test
    void reconcileSaysWhatIsHeldAndByWhat() {
        String directory = directory("holds", "'limits':{'maxUpdates':0},", LOGS.formatted("/holds/app", 7));
        run("reconcile", directory, "--stack", "holds").exits(0);
        directory("holds", "'limits':{'maxUpdates':0},", LOGS.formatted("/holds/app", 3));

        run("reconcile", directory, "--stack", "holds")
                .exits(2)
                .prints("~ LogGroup/app", "! held: LimitExceeded", "  #", "1 step waits for a person.");
        assertThat(logGroup("/holds/app")).isEqualTo(7);
    }

    @Test
    void reconcileOfAStackThatOnlyObservesEndsAndWritesNothing() {
        String directory = directory("looks", "'mode':'Observe',", LOGS.formatted("/looks/app", 7));

        run("reconcile", directory, "--stack", "looks").exits(2).prints("ModeObserve");

        assertThat(logGroup("/looks/app")).isNull();
    }

    @Test
    void reconcileFailsAtOnceWhereNothingGoesOnByItself() {
        installation.aws(CloudWatchLogsClient.class).createLogGroup(r -> r.logGroupName("/theirs/app"));
        String directory = directory("theirs", "", LOGS.formatted("/theirs/app", 7));
        run("reconcile", directory, "--stack", "theirs", "--timeout", "1m")
                .exits(1)
                .prints("LogGroup/app is stalled: NameTaken");

        String elsewhere = directory("elsewhere", "", VPC.formatted(3)).toString();
        environment.put("aws.accessKeyId", "210987654321");
        run("reconcile", elsewhere, "--stack", "elsewhere", "--timeout", "2m")
                .exits(1)
                .complains("210987654321", "123456789012");
        run("plan", elsewhere, "--stack", "elsewhere").exits(1).complains("210987654321", "123456789012");
    }

    @Test
    void reconcileStopsAtItsTimeout() {
        String directory = directory("late", "", LOGS.formatted("/late/app", 7));

        run("reconcile", directory, "--stack", "late", "--timeout", "0s")
                .exits(1)
                .complains("late has not converged within PT0S");
    }
}
