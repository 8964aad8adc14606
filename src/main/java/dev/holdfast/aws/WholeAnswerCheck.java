package dev.holdfast.aws;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Keeps the text of the answers within {@link WholeAnswers#read} and compares it with the shapes of the SDK. */
final class WholeAnswerCheck implements ExecutionInterceptor {
    private static final ExecutionAttribute<byte[]> BODY = new ExecutionAttribute<>("holdfast.body");

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
            Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
        Optional<InputStream> body = context.responseBody();
        if (!WholeAnswers.CURRENT.isBound()
                || body.isEmpty()
                || !context.httpResponse().isSuccessful()) {
            return body;
        }
        try {
            byte[] whole = body.get().readAllBytes();
            attributes.putAttribute(BODY, whole);
            return Optional.of(new ByteArrayInputStream(whole));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterUnmarshalling(Context.AfterUnmarshalling context, ExecutionAttributes attributes) {
        byte[] body = attributes.getAttribute(BODY);
        if (body != null && body.length > 0) {
            WholeAnswers.CURRENT.get().add(context.response(), body);
        }
    }
}
