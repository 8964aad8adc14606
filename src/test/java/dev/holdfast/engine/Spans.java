package dev.holdfast.engine;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The spans of a world's passes, once they have ended. */
public final class Spans {
    public final List<SpanData> all = new CopyOnWriteArrayList<>();

    private final Consumer<String> listener;

    private final SpanExporter exporter = new SpanExporter() {
        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            all.addAll(ended);
            ended.forEach(span -> listener.accept(span.getName()));
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    };

    public Spans() {
        this(span -> {});
    }

    /** @param listener receives the name of each span that ends, on the thread that ends it */
    public Spans(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Records the spans of this world from now on, by a new process. */
    public World of(World world) {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
        world.traces = new Traces(
                OpenTelemetrySdk.builder().setTracerProvider(provider).build());
        return world.restart();
    }
}
