package dev.holdfast.engine;

import dev.holdfast.aws.CallContext;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one trace per pass, with a span for each observation, plan, guard and step. Spans contain names and outcomes,
 * but no values of fields. Tracing costs almost nothing while no collector is set.
 */
public final class Traces {
    public static final Traces NONE = new Traces(OpenTelemetry.noop());

    private final Tracer tracer;

    public Traces(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer("dev.holdfast");
    }

    /** An open span. Spans that begin before it is closed are its children. */
    static final class OpenSpan implements AutoCloseable {
        private final Span span;
        private final Scope scope;

        @SuppressWarnings("MustBeClosedChecker") // closed with the span
        private OpenSpan(Span span) {
            this.span = span;
            this.scope = span.makeCurrent();
        }

        /** Marks the pass as complete. */
        void passed(@Nullable Revision revision, CallContext calls) {
            if (revision != null) {
                span.setAttribute("holdfast.revision", revision.sha256());
            }
            span.setAttribute("holdfast.outcome", "Passed")
                    .setAttribute("holdfast.requests", calls.total())
                    .setAttribute("holdfast.writes", calls.writes())
                    .setStatus(StatusCode.OK);
        }

        @Override
        public void close() {
            scope.close();
            span.end();
        }
    }

    /** The span of a pass. Its outcome is Failed unless {@link OpenSpan#passed} is called. */
    OpenSpan pass(String stack, String id, boolean full) {
        return new OpenSpan(tracer.spanBuilder("pass")
                .setNoParent()
                .setAttribute("holdfast.stack", stack)
                .setAttribute("holdfast.pass", id)
                .setAttribute("holdfast.full", full)
                .setAttribute("holdfast.outcome", "Failed")
                .startSpan()
                .setStatus(StatusCode.ERROR));
    }

    /** A span within the pass, which the caller has to end. */
    Span begin(String name) {
        return tracer.spanBuilder(name).startSpan();
    }

    <T> T in(String name, Supplier<T> task) {
        try (OpenSpan span = new OpenSpan(tracer.spanBuilder(name).startSpan())) {
            return task.get();
        }
    }

    StepOutcome step(Step step, Supplier<StepOutcome> task) {
        try (OpenSpan spanned = new OpenSpan(tracer.spanBuilder(step.action() + " " + step.resource())
                .setAttribute("holdfast.resource", step.resource().toString())
                .setAttribute("holdfast.action", step.action().name())
                .startSpan())) {
            StepOutcome outcome = task.get();
            outcome(spanned.span, outcome);
            return outcome;
        }
    }

    private static void outcome(Span span, StepOutcome outcome) {
        span.setAttribute("holdfast.outcome", outcome.getClass().getSimpleName());
        if (outcome instanceof StepOutcome.Failed failed) {
            span.setAttribute("holdfast.fault", failed.fault().category().name())
                    .setAttribute("holdfast.fault.code", failed.fault().code())
                    .setStatus(StatusCode.ERROR);
        }
    }
}
