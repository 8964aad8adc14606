package dev.holdfast.twin.wire;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.wire.Route.Matched;
import dev.holdfast.twin.wire.Route.Nowhere;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation that a request is for: by {@code X-Amz-Target}, by {@code Action} and {@code Version}, or by
 * method and path. A signature, if there is one, selects the service by its credential scope.
 */
public final class Router {
    private final List<ServiceModel> services;

    public Router(List<ServiceModel> services) {
        this.services = List.copyOf(services);
    }

    public Route route(WireRequest request) throws WireException {
        List<String> path = request.segments();
        if (request.header("smithy-protocol") != null
                && path.size() == 4
                && path.get(0).equals("service")
                && path.get(2).equals("operation")) {
            return named(
                    request, WireProtocol.CBOR, path.get(3), s -> path.get(1).equals(s.target()));
        }
        String target = request.header("X-Amz-Target");
        if (target != null) {
            int dot = target.lastIndexOf('.');
            String prefix = dot < 0 ? "" : target.substring(0, dot);
            return named(request, WireProtocol.JSON, target.substring(dot + 1), s -> prefix.equals(s.target()));
        }
        String type = Objects.requireNonNullElse(request.header("Content-Type"), "");
        if ((type.startsWith("application/x-www-form-urlencoded") && path.isEmpty())
                || request.queryValue("Action") != null) {
            return form(request);
        }
        return rest(request);
    }

    static FormReader.Node form(byte[] body, WireRequest request) throws WireException {
        FormReader.Node form = new FormReader.Node();
        WireRequest.parameters(new String(body, StandardCharsets.UTF_8), form::put);
        request.query().forEach((name, values) -> form.put(name, values.getFirst()));
        return form;
    }

    private Route form(WireRequest request) throws WireException {
        FormReader.Node form = form(request.body(), request);
        String version = form.text("Version");
        String action = form.text("Action");
        Predicate<ServiceModel> speaks = Router::speaksForms;
        return named(
                request,
                WireProtocol.QUERY,
                action == null ? "" : action,
                version == null ? speaks : speaks.and(s -> s.version().equals(version)));
    }

    private static boolean speaksForms(ServiceModel service) {
        return service.protocol() == WireProtocol.EC2 || service.protocol() == WireProtocol.QUERY;
    }

    /**
     * Prefers a service of the signature that fits the request. If the request uses another protocol, the signature
     * alone selects the service.
     */
    private Route named(WireRequest request, WireProtocol spoken, String name, Predicate<ServiceModel> fits) {
        Signature signature = request.signature();
        List<ServiceModel> signed = services.stream()
                .filter(s -> signature == null || s.signingName().equals(signature.service()))
                .toList();
        ServiceModel service = signed.stream().filter(fits).findFirst().orElse(null);
        boolean forms = spoken == WireProtocol.QUERY;
        if (service == null && signature != null && signed.size() == 1 && !(forms && speaksForms(signed.getFirst()))) {
            service = signed.getFirst();
        }
        if (service == null) {
            return nowhere(signature, name, spoken);
        }
        WireProtocol protocol = spoken == WireProtocol.QUERY && speaksForms(service) ? service.protocol() : spoken;
        Operation operation = service.operation(name);
        if (operation == null) {
            String code = spoken == WireProtocol.QUERY ? "InvalidAction" : "UnknownOperationException";
            return new Nowhere(
                    service.prefix() + ":" + name,
                    protocol,
                    false,
                    refused(code, "The action " + name + " is not valid for this endpoint."));
        }
        return found(operation, protocol);
    }

    private Route rest(WireRequest request) {
        Signature signature = request.signature();
        List<ServiceModel> candidates = services.stream()
                .filter(s -> signature == null || s.signingName().equals(signature.service()))
                .filter(s -> s.protocol().isRest())
                // S3 comes last, because its paths match any request
                .sorted(Comparator.comparing(s -> s.signingName().equals("s3")))
                .toList();
        for (ServiceModel service : candidates) {
            Operation operation = service.match(request);
            if (operation != null) {
                return found(operation, service.protocol());
            }
        }
        String name = request.method() + " " + request.path();
        if (candidates.isEmpty()) {
            return nowhere(signature, name, WireProtocol.REST_JSON);
        }
        ServiceModel last = candidates.getLast();
        return new Nowhere(
                last.prefix() + ":" + name,
                last.protocol(),
                last.signingName().equals("s3"),
                error(501, "NotImplemented", "No operation for " + name));
    }

    private static Route found(Operation operation, WireProtocol protocol) {
        if (operation.implemented()) {
            return new Matched(operation, protocol);
        }
        return new Nowhere(
                operation.toString(),
                protocol,
                operation.service().signingName().equals("s3"),
                error(501, "NotImplemented", operation + " is not in the twin"));
    }

    private static Route nowhere(@Nullable Signature signature, String name, WireProtocol protocol) {
        String service = signature == null ? "unknown" : ServiceModel.prefix(signature.service());
        String operation = service + ":" + name;
        return new Nowhere(operation, protocol, false, error(501, "NotImplemented", operation + " is not in the twin"));
    }
}
