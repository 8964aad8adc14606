package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands that talk to a running daemon. */
@QuarkusTest
class DaemonCommandsTest extends CommandsCase {
    @Test
    void aRunningDaemonIsAskedInWords() {
        until("held", view -> view.status().equals("Synced"));
        ask("retry", "LogGroup/app", "--stack", "held").exits(1).complains("409", "nothing to retry");
        ask("retry", "LogGroup/nope", "--stack", "held").exits(1).complains("404", "LogGroup/nope");
        ask("approve", "0123456789abcdef", "--stack", "held").exits(1).complains("409", "0123456789abcdef");
        ask("pause", "--until", "2h", "--reason", "night", "--stack", "held")
                .exits(0)
                .prints("held is paused until ");
        until("held", view -> view.status().equals("Paused"));
        ask("resume", "--stack", "held").exits(0).prints("held is resumed");
        until("held", view -> view.status().equals("Synced"));
        ask("pause", "LogGroup/app", "--until", "PT1H", "--reason", "x", "--stack", "held")
                .exits(0);
        until("held", view -> view.pauses().containsKey("LogGroup/app"));
        ask("resume", "LogGroup/app", "--stack", "held").exits(0).prints("held LogGroup/app is resumed");
        until("held", view -> view.pauses().isEmpty());
        ask("retry", "LogGroup/app").exits(64).complains("held", "tiny", "--stack");
        ask("retry", "LogGroup/app", "--stack", "nope").exits(1).complains("404", "nope");
    }

    @Test
    void whoIsNotLetInOrFindsNobodyIsToldSo() {
        environment.put("HOLDFAST_API_TOKEN", "wrong");
        ask("resume", "--stack", "held").exits(1).complains("401", "HOLDFAST_API_TOKEN");
        run("resume", "--stack", "held", "--server", "http://127.0.0.1:1")
                .exits(1)
                .complains("no daemon answers at http://127.0.0.1:1", "--server");
        run("resume", "--stack", "held", "--server", "localhost:8080").exits(64).complains("--server must be a URL");
        run(
                        "resume",
                        "--stack",
                        "held",
                        "--server",
                        installation.twin.endpoint().toString())
                .exits(1)
                .complains(installation.twin.endpoint().toString());
    }

    @Test
    void anOperatorThatCannotBeReachedIsAskedThroughItsState() {
        until("held", view -> view.status().equals("Synced"));
        String[] where = {"--stack", "held", "--state", "s3://installation/.holdfast"};
        run(with(where, "pause", "--until", "2h", "--reason", "night"))
                .exits(0)
                .prints("held: the stack is paused until ");
        until("held", view -> view.status().equals("Paused"));
        assertThat(view("held").pauses().get("*").by()).startsWith("arn:aws:").contains(Installation.ACCOUNT);
        run(with(where, "resume")).exits(0).prints("held: the stack is resumed");
        run(with(where, "resume")).exits(1).complains("held: the stack was not paused");
        run(with(where, "reconcile-now")).exits(0).prints("held: a full pass");
        run(with(where, "retry", "LogGroup/app")).exits(1).complains("nothing to retry");
        run(with(where, "retry", "LogGroup/nope")).exits(1).complains("LogGroup/nope");
        run(with(where, "approve", "0123456789abcdef")).exits(1).complains("0123456789abcdef");
        run(with(where, "approve", "--all")).exits(1).complains("no step waits for an approval");
        run(with(where, "approve")).exits(64).complains("--resource", "--all");
        run("resume", "--stack", "nope", "--state", "s3://installation/.holdfast")
                .exits(1)
                .complains("the state has no stack nope", "held", "tiny");
        until("held", view -> view.status().equals("Synced"));
    }

    /** The state also contains the steps that wait, so that the name of the resource is enough. */
    @Test
    void aHeldStepIsApprovedByItsResourceThroughTheState() {
        String[] where = {"--stack", "through-state", "--state", "s3://installation/.holdfast"};
        String group = Installation.LOGS.formatted("through-state");
        installation.publish("through-state", Installation.NO_UPDATES, group);
        until("through-state", view -> view.status().equals("Synced"));
        run(with(where, "approve", "--resource", "LogGroup/app"))
                .exits(1)
                .complains("no step of LogGroup/app waits for an approval");
        installation.publish(
                "through-state", Installation.NO_UPDATES, group.replace("'retentionInDays':7", "'retentionInDays':3"));
        until("through-state", view -> view.status().equals("AwaitingApproval"));
        run(with(where, "approve", "--resource", "LogGroup/other"))
                .exits(1)
                .complains("no step of LogGroup/other waits", "LogGroup/app");

        run(with(where, "approve", "--resource", "LogGroup/app")).exits(0).prints("through-state");

        until("through-state", view -> view.status().equals("Synced"));
    }

    private static String[] with(String[] where, String... command) {
        return Stream.concat(Stream.of(command), Stream.of(where)).toArray(String[]::new);
    }
}
