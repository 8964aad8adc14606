package dev.holdfast.alerts;

import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.MemoryStore;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.twin.DrivenClock;
import java.util.ArrayList;
import java.util.List;

/** An alert service with two sinks, on a clock that the test drives. */
abstract class AlertServiceFixture {
    static final StackView STALLED = stalled("Vpc/main");

    final DrivenClock clock = new DrivenClock(Views.START);
    final MemoryStore store = new MemoryStore();
    final List<Event> events = new ArrayList<>();
    final EventLog log = new EventLog("prod", clock, events::add);
    final FakeSink a = new FakeSink("a");
    final FakeSink b = new FakeSink("b");
    AlertService alerts = start();

    static StackView stalled(String id) {
        return Views.of().with(id, Status.Stalled, "Invalid", "no").view();
    }

    AlertService start() {
        return new AlertService(store, clock, List.of(a, b), Runnable::run);
    }

    void passed(StackView view) {
        alerts.passed(view, log, 1);
        alerts.tick(stack -> true);
    }

    List<String> reasons() {
        return events.stream().map(e -> e.severity() + " " + e.reason()).toList();
    }
}
