package dev.holdfast.twin.wire;

import dev.holdfast.twin.wire.Outcome.Answered;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;

/** One operation of a service: its binding to HTTP, and the call of the twin's method. */
public final class Operation {
    /** The method of a shape that creates its builder. It is cached, because the search takes longer than the call. */
    private static final ClassValue<Method> BUILDERS = new ClassValue<>() {
        @Override
        protected Method computeValue(Class<?> shape) {
            try {
                return shape.getMethod("builder");
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("not the SDK that this was written for", e);
            }
        }
    };

    private final ServiceModel service;
    private final Method method;
    private final Class<?> request;
    private final boolean implemented;
    private volatile @Nullable Binding binding;

    Operation(ServiceModel service, Method method, boolean implemented) {
        this.service = service;
        this.method = method;
        this.request = method.getParameterTypes()[0];
        this.implemented = implemented;
    }

    public ServiceModel service() {
        return service;
    }

    /**
     * The name on the wire, such as {@code DescribeDBInstances}; for REST, which sends no name, the name in the SDK.
     */
    public String name() {
        String onTheWire = binding().wireName();
        return onTheWire == null ? nameOf(request) : onTheWire;
    }

    /** Whether the twin has this operation. */
    public boolean implemented() {
        return implemented;
    }

    public Method method() {
        return method;
    }

    /** @return a builder of the request */
    public SdkPojo builder() {
        return newBuilder(request);
    }

    static SdkPojo newBuilder(Class<?> shape) {
        try {
            return (SdkPojo) BUILDERS.get(shape).invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("not the SDK that this was written for", e);
        }
    }

    /** @param body the input of a streaming operation; other operations ignore it */
    public Outcome call(Object twin, SdkPojo input, byte[] body) {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        arguments[0] = input;
        Captured captured = new Captured();
        for (int i = 1; i < types.length; i++) {
            arguments[i] = types[i] == RequestBody.class ? RequestBody.fromBytes(body) : captured.transformer();
        }
        try {
            Object result = method.invoke(twin, arguments);
            return new Answered(captured.response != null ? captured.response : (SdkPojo) result, captured.content);
        } catch (InvocationTargetException e) {
            return switch (e.getCause()) {
                case AwsServiceException refused -> new Outcome.Refused(refused);
                case null -> new Outcome.Broken(e);
                case Throwable bug -> new Outcome.Broken(bug);
            };
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Captured {
        private @Nullable SdkPojo response;
        private byte @Nullable [] content;

        private ResponseTransformer<SdkResponse, Object> transformer() {
            return (answer, stream) -> {
                response = answer;
                try (stream) {
                    content = stream.readAllBytes();
                } catch (IOException e) {
                    throw new IllegalStateException("a twin's content cannot be read", e);
                }
                return answer;
            };
        }
    }

    /** @return the paths of the set members of a request that the twin would ignore */
    public Set<String> ignored(SdkPojo input) {
        return ReadMembers.of(this).ignored(input);
    }

    Binding binding() {
        Binding loaded = binding;
        if (loaded == null) {
            loaded = Binding.of(request, builder());
            binding = loaded;
        }
        return loaded;
    }

    static String nameOf(Class<?> request) {
        String name = request.getSimpleName();
        return name.substring(0, name.length() - "Request".length());
    }

    @Override
    public String toString() {
        return service.prefix() + ":" + name();
    }
}
