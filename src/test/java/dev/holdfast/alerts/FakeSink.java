package dev.holdfast.alerts;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink that accepts alerts, or fails as the test demands. */
final class FakeSink implements Sink {
    final List<String> taken = new ArrayList<>();
    final List<Alert> alerts = new ArrayList<>();

    @Nullable
    NotDeliveredException failure;

    /** Whether the sink throws an exception that no sink should throw. */
    boolean breaks;

    private final String name;
    int tries;

    FakeSink(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(Alert alert) throws NotDeliveredException {
        tries++;
        if (breaks) {
            throw new IllegalStateException("nobody foresaw this");
        }
        if (failure != null) {
            throw failure;
        }
        alerts.add(alert);
        taken.add(alert.phase() + " " + alert.reason());
    }
}
