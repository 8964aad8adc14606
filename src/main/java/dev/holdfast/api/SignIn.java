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
 * The sign-in with the identity provider of the {@code HOLDFAST_OIDC_…} variables. Browsers use the code flow, and
 * programs send a token that the provider has issued. The operator contacts the provider at the first sign-in, not
 * before.
 */
@Singleton
public final class SignIn implements TenantConfigResolver {
    /** The path that begins a sign-in, and to which the provider redirects the browser. */
    static final String PATH = "/login";

    /** The path of the POST that ends the session of a browser. The session at the provider continues. */
    static final String OUT = "/logout";

    /** The prefix of the cookies that contain the parts of a session of Quarkus. */
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
        // A token that is opaque, or signed with a key that the provider does not publish, is refused without a request
        // to the provider.
        builder.token()
                .audience(settings.audience())
                .allowJwtIntrospection(false)
                .allowOpaqueTokenIntrospection(false)
                .principalClaim(settings.claims().name())
                .end();
        // Lax, because the provider's site redirects the browser here. A request from another site is refused by its
        // Origin.
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

    /** The values of Set-Cookie that make a browser delete its session. */
    List<String> forgotten(Collection<String> cookies) {
        OidcSettings now = settings;
        String secure = now != null && now.https() ? "; Secure" : "";
        return cookies.stream()
                .filter(name -> name.startsWith(SESSION))
                .map(name -> name + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax" + secure)
                .toList();
    }

    /** @return null if the provider does not name the person */
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
