package dev.holdfast.app;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** The commands that talk to a running daemon. */
@QuarkusTest
class DaemonCommandsTest extends CommandsCase {
    @Test
    void aRunningDaemonIsAskedInWords() {
        until("held", view -> view.status().equals("Synced"));
        ask("retry", "LogGroup/app", "--stack", "held").exits(0).prints("held LogGroup/app is retried");
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
}
