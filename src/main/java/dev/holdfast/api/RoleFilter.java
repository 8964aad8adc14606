package dev.holdfast.api;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a request whose author lacks the role of the method that would answer it. The role belongs to the method and
 * not to the path, because several spellings of a path lead to the same method.
 */
@Provider
public final class RoleFilter implements ContainerRequestFilter {
    private final CurrentVertxRequest current;

    @Context
    @Nullable
    ResourceInfo resource;

    @Inject
    public RoleFilter(CurrentVertxRequest current) {
        this.current = current;
    }

    /** @throws ApiException if the person lacks the role */
    @Override
    public void filter(ContainerRequestContext request) {
        NeedsRole needed = resource == null || resource.getResourceMethod() == null
                ? null
                : resource.getResourceMethod().getAnnotation(NeedsRole.class);
        String missing =
                needed == null ? null : AccessRole.missing(Set.of(needed.value()), RequestGate.admitted(current));
        if (missing != null) {
            throw new ApiException(403, missing);
        }
    }
}
