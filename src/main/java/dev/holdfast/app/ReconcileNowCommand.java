package dev.holdfast.app;

import dev.holdfast.state.RequestedAct;
import jakarta.enterprise.context.Dependent;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Dependent
@Command(
        name = "reconcile-now",
        mixinStandardHelpOptions = true,
        description = "Requests a full pass over a stack at once, instead of at the end of the interval.")
class ReconcileNowCommand implements Callable<Integer> {
    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        return server.request(new RequestedAct.Reconcile(), stack -> "a full pass over " + stack + " is requested");
    }
}
