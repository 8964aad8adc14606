package dev.holdfast.app;

import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.state.Lease;
import jakarta.enterprise.context.Dependent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Dependent
@Command(
        name = "reconcile",
        mixinStandardHelpOptions = true,
        description = "Passes until a stack has converged (exit 0), is held (2), or failed (1).")
class ReconcileCommand implements Callable<Integer> {
    @Parameters(paramLabel = "LOCATION", description = "A directory, or s3://bucket/prefix.")
    private String location = "";

    @Option(names = "--stack", required = true)
    private String stack = "";

    @Option(names = "--timeout", defaultValue = "PT30M", description = "Default: ${DEFAULT-VALUE}")
    private Duration timeout = Duration.ofMinutes(30);

    @Spec
    private CommandSpec spec;

    private final Parts parts;

    ReconcileCommand(Parts parts) {
        this.parts = parts;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Operator operator = parts.operator(location)) {
            Parts.valid(
                    operator.desired().read(stack),
                    stack,
                    location,
                    spec.commandLine().getErr());
            Lease lease = operator.lease(stack);
            if (!lease.tryAcquire()) {
                throw new CommandFailure(
                        "another operator holds the lease of " + stack + "; try again when it has let go");
            }
            try {
                return converge(operator.reconciler(stack, event -> print(out, event), lease::mayWrite), lease, out);
            } finally {
                lease.release();
            }
        }
    }

    private int converge(StackReconciler reconciler, Lease lease, PrintWriter out) {
        Instant end = Instant.now().plus(timeout);
        Instant renewal = Instant.now().plus(Lease.RENEW);
        while (Instant.now().isBefore(end)) {
            if (!Instant.now().isBefore(renewal)) {
                renewal = Instant.now().plus(Lease.RENEW);
                lease.renew();
            }
            if (!lease.isHeld()) {
                throw new CommandFailure("the lease of " + stack + " was lost to another operator");
            }
            reconciler.run();
            StackView view = reconciler.view();
            if (view.converged()) {
                out.println(stack + " has converged: " + view.resources().size() + " resources, revision "
                        + view.revision());
                out.flush();
                return ExitCodes.FINE;
            }
            if (stuck(view)) {
                out.print(PlanText.text(view, false));
                out.flush();
                return held(view) ? ExitCodes.CHANGES : ExitCodes.ERROR;
            }
            Duration pause = Duration.between(Instant.now(), reconciler.nextLookAt());
            LockSupport.parkNanos(Math.clamp(
                    pause.toNanos(),
                    Duration.ofMillis(200).toNanos(),
                    Duration.ofSeconds(5).toNanos()));
        }
        throw new CommandFailure(stack + " has not converged within " + timeout + ": "
                + reconciler.view().status());
    }

    /** Nothing is on its way, and what is left does not go on by itself. */
    private static boolean stuck(StackView view) {
        return switch (view.status()) {
            case "Unmanaged", "Refused", "Paused" -> true;
            default ->
                view.resources().values().stream().noneMatch(r -> moving(r.status()))
                        && view.resources().values().stream().anyMatch(r -> stands(r.status()));
        };
    }

    private static boolean moving(Status status) {
        return switch (status) {
            case Progressing, Failed, Drifted, Pending, Unknown -> true;
            case Orphaned, Stalled, AwaitingApproval, Waiting, Paused, Synced -> false;
        };
    }

    private static boolean stands(Status status) {
        return status == Status.Stalled || status == Status.AwaitingApproval || status == Status.Paused;
    }

    private static boolean held(StackView view) {
        return view.status().equals("Paused")
                || view.resources().values().stream()
                        .anyMatch(r -> r.status() == Status.AwaitingApproval || r.status() == Status.Paused);
    }

    private static void print(PrintWriter out, Event event) {
        out.println(event.at() + " " + event.severity() + " "
                + (event.resource() == null ? event.stack() : event.resource()) + " " + event.reason() + ": "
                + event.message());
        out.flush();
    }
}
