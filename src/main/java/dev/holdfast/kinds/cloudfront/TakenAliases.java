package dev.holdfast.kinds.cloudfront;

import dev.holdfast.kind.Absent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.CnameAlreadyExistsException;
import software.amazon.awssdk.services.cloudfront.model.ConflictingAlias;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.InvalidArgumentException;

/** Finds the aliases that another distribution has: AWS's error names neither the aliases nor the distribution. */
final class TakenAliases {
    private TakenAliases() {}

    /**
     * Sends a configuration, and explains the error if an alias belongs to another distribution.
     *
     * @param id the id of the distribution; null if it is being created
     * @throws CnameAlreadyExistsException AWS's error, with the conflicting aliases and distributions added to its
     *     message
     */
    static <T> T named(CloudFrontClient cloudFront, @Nullable String id, DistributionConfig config, Supplier<T> call) {
        try {
            return call.get();
        } catch (CnameAlreadyExistsException refusal) {
            Set<String> found = new TreeSet<>(inThisAccount(cloudFront, id, config));
            if (found.isEmpty() && id != null) {
                config.aliases().items().forEach(alias -> found.addAll(anywhere(cloudFront, id, alias)));
            }
            throw explained(
                    refusal,
                    found.isEmpty()
                            ? "another distribution has one of "
                                    + new TreeSet<>(config.aliases().items())
                                    + ", or a record in DNS points one of them to another distribution"
                            : String.join(", ", found));
        }
    }

    private static Set<String> inThisAccount(
            CloudFrontClient cloudFront, @Nullable String id, DistributionConfig config) {
        Set<String> wanted = config.aliases().items().stream()
                .map(alias -> alias.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        return cloudFront.listDistributionsPaginator(r -> r.maxItems("100")).items().stream()
                .filter(other -> !other.id().equals(id))
                .flatMap(other -> other.aliases().items().stream()
                        .filter(alias -> wanted.contains(alias.toLowerCase(Locale.ROOT)))
                        .map(alias -> alias + " is an alias of the distribution " + other.id()))
                .collect(Collectors.toSet());
    }

    /**
     * For other accounts, AWS returns only a part of each id, and only for names that the distribution's certificate
     * covers.
     */
    private static Set<String> anywhere(CloudFrontClient cloudFront, String id, String alias) {
        List<ConflictingAlias> conflicts = Absent.when(InvalidArgumentException.class)
                .<List<ConflictingAlias>>or(
                        List.of(),
                        () -> cloudFront
                                .listConflictingAliases(
                                        r -> r.distributionId(id).alias(alias))
                                .conflictingAliasesList()
                                .items());
        return conflicts.stream()
                .map(conflict -> conflict.alias() + " is an alias of the distribution " + conflict.distributionId()
                        + " of the account " + conflict.accountId())
                .collect(Collectors.toSet());
    }

    private static CnameAlreadyExistsException explained(CnameAlreadyExistsException refusal, String conflict) {
        String message = conflict + "; Holdfast never moves an alias: remove it from that distribution, or from the"
                + " document ("
                + refusal.awsErrorDetails().errorMessage() + ")";
        CnameAlreadyExistsException whole = (CnameAlreadyExistsException) refusal.toBuilder()
                .awsErrorDetails(refusal.awsErrorDetails().toBuilder()
                        .errorMessage(message)
                        .build())
                .build();
        // The suppressed exceptions identify the call that AWS rejected.
        Stream.of(refusal.getSuppressed()).forEach(whole::addSuppressed);
        return whole;
    }
}
