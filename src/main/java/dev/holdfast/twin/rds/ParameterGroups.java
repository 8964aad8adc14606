package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.store.NamedGroups;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.DBClusterParameterGroup;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/**
 * The parameter groups of instances, or those of clusters.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html">Parameter groups</a>
 */
final class ParameterGroups<T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>> {
    private static final int PAGE = 100;
    /** The largest number of parameters that one request may change. */
    private static final int PARAMETERS = 20;

    private final TwinContext context;
    final ResourceStore<T, B> store;
    private final NamedGroups<T, B> named;
    private final Function<T, String> family;
    private final GroupNaming<B> naming;
    private final String prefix;
    private final String type;

    /** Sets the name and the ARN of a new group. */
    private interface GroupNaming<B> {
        void name(B group, String name, String arn);
    }

    /** @param type the type in the ARN */
    private ParameterGroups(
            TwinContext context,
            ResourceStore<T, B> store,
            Function<T, String> family,
            GroupNaming<B> naming,
            String type) {
        this.context = context;
        this.family = family;
        this.naming = naming;
        this.type = type;
        this.prefix = ofCluster() ? "DBCluster" : "DB";
        this.store = store.type("rds:" + type)
                .missing(name -> error(404, "DBParameterGroupNotFound", prefix + "ParameterGroup not found: " + name))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES);
        this.named = new NamedGroups<>(
                store,
                name -> refused("DBParameterGroupAlreadyExists", "Parameter group " + name + " already exists"),
                name -> refused(
                        "InvalidDBParameterGroupState",
                        "One or more database instances are still members of this parameter group " + name
                                + ", so the group cannot be deleted"));
    }

    static ParameterGroups<DBParameterGroup, DBParameterGroup.Builder> ofInstances(TwinContext context) {
        return new ParameterGroups<>(
                context,
                context.store(DBParameterGroup::builder, DBParameterGroup::dbParameterGroupName)
                        .arn(DBParameterGroup::dbParameterGroupArn),
                DBParameterGroup::dbParameterGroupFamily,
                (group, name, arn) -> group.dbParameterGroupName(name).dbParameterGroupArn(arn),
                "pg");
    }

    static ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> ofClusters(TwinContext context) {
        return new ParameterGroups<>(
                context,
                context.store(DBClusterParameterGroup::builder, DBClusterParameterGroup::dbClusterParameterGroupName)
                        .arn(DBClusterParameterGroup::dbClusterParameterGroupArn),
                DBClusterParameterGroup::dbParameterGroupFamily,
                (group, name, arn) -> group.dbClusterParameterGroupName(name).dbClusterParameterGroupArn(arn),
                "cluster-pg");
    }

    private String family(StoredResource<T> group) {
        return family.apply(group.shape());
    }

    private boolean ofCluster() {
        return type.startsWith("cluster");
    }

    /**
     * The name of the parameter group for an instance or a cluster; throws if its family does not match.
     *
     * @param asked null selects the default group
     * @param wanted the family of the version
     */
    String usable(@Nullable String asked, String wanted) {
        String usual = "default." + wanted;
        if (asked == null || asked.equals(usual)) {
            return usual;
        }
        if (!store.sees(asked)) {
            throw error(404, prefix + "ParameterGroupNotFound", prefix + "ParameterGroup not found: " + asked);
        }
        String its = family(store.seen(asked));
        if (!its.equals(wanted)) {
            throw combination("The Parameter Group " + asked + " with DBParameterGroupFamily " + its
                    + " cannot be used for this " + (ofCluster() ? "cluster" : "instance")
                    + ". Please use a Parameter Group with DBParameterGroupFamily " + wanted);
        }
        return asked;
    }

    /** @param group the new group with its family and its description */
    T create(String asked, B group, Map<String, String> tags) {
        String wanted = family.apply(group.build());
        if (!EngineParameters.hasFamily(wanted)) {
            throw invalid("ParameterGroupFamily " + wanted + " is not a valid parameter group family");
        }
        String name = named.free(asked);
        naming.name(group, name, context.arn("rds", type + ":" + name));
        return store.add(group.build(), tags);
    }

    /** @param name null selects all groups */
    <R extends SdkPojo & SdkBuilder<R, A>, A> A page(SdkPojo request, R response, @Nullable String name) {
        return named.page(request, response, name);
    }

    /** @param source null selects all sources */
    <R extends SdkPojo & SdkBuilder<R, A>, A> A parameters(
            SdkPojo request, R response, String name, @Nullable String source) {
        StoredResource<T> group = store.seen(name);
        List<Parameter> parameters = EngineParameters.of(family(group), ofCluster(), group.attributes())
                .filter(p -> source == null || source.equals(p.source()))
                .toList();
        return context.page(request, response, parameters, PAGE);
    }

    /** @return the name of the group */
    String modify(String name, List<Parameter> changes) {
        StoredResource<T> group = store.seen(name);
        if (changes.size() > PARAMETERS) {
            throw invalid("A maximum of 20 parameters can be modified in a single request");
        }
        EngineParameters.check(family(group), ofCluster(), changes);
        changes.forEach(p -> EngineParameters.put(group.attributes(), p));
        return group.id();
    }

    /** @return the name of the group */
    String reset(String name, @Nullable Boolean all, List<Parameter> some) {
        StoredResource<T> group = store.seen(name);
        if (Boolean.TRUE.equals(all)) {
            group.attributes().clear();
        }
        some.forEach(p -> EngineParameters.remove(group.attributes(), p.parameterName()));
        return group.id();
    }

    void delete(String name, Predicate<String> used) {
        named.delete(name, used);
    }
}
