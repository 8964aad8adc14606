package dev.holdfast.api;

import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.TenantConfigResolver;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Authentication.CookieSameSite;
import io.quarkus.oidc.runtime.OidcTenantConfig.TokenStateManager.Strategy;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * How people sign in: with the identity provider of the {@code HOLDFAST_OIDC_…} variables, in a browser by the code flow,
 * and as programs with a token that it has issued. The provider is asked when the first of them comes, not before.
 */
@Singleton
public final class SignIn implements TenantConfigResolver {
    /** Where a browser is sent to, and comes back to, from the provider. */
    static final String PATH = "/login";

    /** Where a POST ends the session of a browser; that at the provider goes on. */
    static final String OUT = "/logout";

    /** The cookies of Quarkus that are a session, however many parts it has, begin with this. */
    private static final String SESSION = "q_session";

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicInteger generation = new AtomicInteger();
    private volatile @Nullable OidcSettings settings;
    private volatile @Nullable OidcTenantConfig tenant;

    public SignIn() {
        configure(OidcSettings.read(name ->
                ConfigProvider.getConfig().getOptionalValue(name, String.class).orElse("")));
    }

    /** @param now null: people do not sign in */
    void configure(@Nullable OidcSettings now) {
        tenant = now == null ? null : tenant(now, "people-" + generation.incrementAndGet());
        settings = now;
    }

    @Nullable
    OidcSettings settings() {
        return settings;
    }

    @Override
    public Uni<OidcTenantConfig> resolve(RoutingContext context, OidcRequestContext<OidcTenantConfig> request) {
        return Uni.createFrom().item(tenant);
    }

    private static OidcTenantConfig tenant(OidcSettings settings, String id) {
        OidcTenantConfigBuilder builder = OidcTenantConfig.builder()
                .tenantId(id)
                .authServerUrl(settings.issuer())
                .clientId(settings.client())
                .applicationType(ApplicationType.HYBRID)
                .connectionTimeout(PATIENCE)
                .roles()
                .roleClaimPath(settings.claims().roles())
                .end();
        if (settings.secret() != null) {
            builder.credentials(settings.secret());
        }
        // What is opaque, or is signed with a key that the provider does not publish, is refused and asked nobody
        // about.
        builder.token()
                .audience(settings.audience())
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false)
                .principalClaim(settings.claims().name())
                .end();
        // Lax, because the browser comes back from another site; what changes anything needs an Origin of ours besides.
        builder.authentication()
                .redirectPath(PATH)
                .restorePathAfterRedirect(false)
                .pkceRequired()
                .nonceRequired()
                .scopes("profile", "email")
                .cookieSameSite(CookieSameSite.LAX)
                .cookieForceSecure(settings.https())
                .forceRedirectHttpsScheme(settings.https())
                .end();
        return builder.tokenStateManager().strategy(Strategy.ID_TOKEN).end().build();
    }

    /** What makes a browser forget its session. */
    List<String> forgotten(Collection<String> cookies) {
        OidcSettings now = settings;
        String secure = now != null && now.https() ? "; Secure" : "";
        return cookies.stream()
                .filter(name -> name.startsWith(SESSION))
                .map(name -> name + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" + secure)
                .toList();
    }

    /** @return null if the provider does not say who it is */
    static @Nullable Person person(OidcSettings settings, SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return null;
        }
        Object claimed = token.getClaim(settings.claims().name());
        boolean unverified = settings.claims().name().equals("email")
                && Boolean.FALSE.equals(token.<@Nullable Object>getClaim("email_verified"));
        String name = claimed == null || unverified ? token.getSubject() : claimed.toString();
        if (name == null || name.isBlank()) {
            return null;
        }
        Set<String> held = identity.getRoles();
        return Person.signedIn(name.strip(), settings.claims().roles(held));
    }
}
