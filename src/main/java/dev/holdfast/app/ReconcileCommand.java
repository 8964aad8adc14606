package dev.holdfast.app;

import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.SafeText;
import dev.holdfast.model.Status;
import dev.holdfast.state.Lease;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.exception.SdkException;

@Dependent
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Runs passes until a stack has converged (exit code 0), is held (2) or has failed (1).")
class ReconcileCommand extends LocalCommand {
    /** How long to wait for the lease: longer than a lease lasts that is not renewed. */
    private static final Duration LEASE_PATIENCE = Duration.ofSeconds(40);

    private static final Duration LEASE_LOOK = Duration.ofSeconds(1);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /** A temporary failure is over after this many passes. */
    private static final int FAILED_PASSES = 3;

    @Mixin
    private StackAtLocation target = new StackAtLocation();

    @Option(
            names = "--timeout",
            defaultValue = "PT30M",
            description = "For example 30m or PT30M. Default: ${DEFAULT-VALUE}")
    private Duration timeout = Duration.ofMinutes(30);

    ReconcileCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        PrintWriter out = out();
        Poll time = new Poll(timeout);
        try (Operator operator = context.operator(target.location());
                ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("lease").factory())) {
            CommandContext.revision(operator.desired(), target.stack(), err());
            Lease lease = operator.lease(target.stack());
            acquire(lease, out);
            renewal.scheduleAtFixedRate(
                    () -> renew(lease), Lease.RENEW.toSeconds(), Lease.RENEW.toSeconds(), TimeUnit.SECONDS);
            StackReconciler reconciler = operator.reconciler(target.stack(), event -> print(out, event), lease);
            try {
                return converge(reconciler, lease, time, out);
            } finally {
                // Keeps the view for 'get' and similar commands, because there may be no daemon that would.
                operator.views(stack -> lease.isHeld()).passed(reconciler);
                renewal.shutdownNow();
                lease.release();
            }
        }
    }

    /** A process that was killed still holds its lease for a while, and a new process cannot know that it is dead. */
    private void acquire(Lease lease, PrintWriter out) {
        Poll patience = new Poll(timeout.compareTo(LEASE_PATIENCE) < 0 ? timeout : LEASE_PATIENCE);
        boolean said = false;
        while (!lease.tryAcquire()) {
            if (patience.isOver()) {
                throw new CommandFailure("the lease of " + target.stack() + " is not free: " + holder(lease)
                        + ". Wait for that operator, or stop it first");
            }
            if (!said) {
                out.println("waiting for the lease of " + target.stack() + ": " + holder(lease));
                out.flush();
                said = true;
            }
            patience.goesOn(LEASE_LOOK);
        }
    }

    private static String holder(Lease lease) {
        Lease.LeaseHolder other = lease.otherHolder();
        return other == null ? "another operator has just taken it" : other.toString();
    }

    private static void renew(Lease lease) {
        try {
            lease.renew();
        } catch (SdkException | UncheckedIOException e) {
            // The lease keeps its former expiry, and the next renewal comes before that.
        }
    }

    private int converge(StackReconciler reconciler, Lease lease, Poll time, PrintWriter out) {
        int failures = 0;
        while (!time.isOver()) {
            if (!lease.isHeld()) {
                throw new CommandFailure("the lease of " + target.stack() + " was lost to another operator");
            }
            reconciler.lookForRequests();
            reconciler.run();
            StackView view = reconciler.view();
            String failure = failure(view);
            failures = failure == null ? 0 : failures + 1;
            if (failure != null && failures >= FAILED_PASSES) {
                throw new CommandFailure(
                        failures + " passes over " + target.stack() + " failed; the last failure was: " + failure);
            }
            StackProgress progress = failure == null ? StackProgress.of(view) : StackProgress.MOVING;
            switch (progress) {
                case CONVERGED -> {
                    out.println(target.stack() + " has converged: "
                            + view.resources().size() + " resources, revision " + view.revision());
                    out.flush();
                    return ExitCodes.FINE;
                }
                case HELD, FAILED -> {
                    out.print(PlanText.text(view, false));
                    view.conditions().forEach(c -> out.println(SafeText.line(c.reason() + ": " + c.message())));
                    out.flush();
                    return progress == StackProgress.HELD ? ExitCodes.CHANGES : ExitCodes.ERROR;
                }
                case MOVING -> time.goesOn(pause(reconciler.untilNextLook()));
            }
        }
        throw new CommandFailure(
                target.stack() + " has not converged within " + timeout + ":", unsettled(reconciler.view()));
    }

    private static @Nullable String failure(StackView view) {
        return view.conditions().stream()
                .filter(c -> c.reason().equals("PassFailed"))
                .map(c -> String.valueOf(c.message()))
                .findFirst()
                .orElse(null);
    }

    private static Duration pause(Duration wanted) {
        return wanted.compareTo(SHORTEST_PAUSE) < 0
                ? SHORTEST_PAUSE
                : wanted.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : wanted;
    }

    private static List<String> unsettled(StackView view) {
        return view.resources().values().stream()
                .filter(r -> r.status() != Status.Synced && r.status() != Status.Orphaned)
                .map(r -> r.id() + " " + r.status() + (r.message() == null ? "" : ": " + r.message()))
                .toList();
    }

    private static void print(PrintWriter out, Event event) {
        out.println(SafeText.line(event.at() + " " + event.severity() + " "
                + (event.resource() == null ? event.stack() : event.resource()) + " " + event.reason()
                + (event.message().isEmpty() ? "" : ": " + event.message())));
        out.flush();
    }
}
