package dev.holdfast.kinds.rds;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Gatherers;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBParameterGroup;
import software.amazon.awssdk.services.rds.model.DbParameterGroupNotFoundException;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * The settings of a database engine. Only values are compared: AWS reports an apply method that nobody set, and ignores a
 * change of nothing else.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithParamGroups.html">Parameter groups</a>
 */
@Singleton
public final class DbParameterGroupKind extends DeclaredKind<DbParameterGroupKind.Spec> {
    private static final int PAGE = 100;
    /** As many as ModifyDBParameterGroup takes. */
    private static final int PARAMETERS = 20;

    /** Parameters that RDS refuses one without the other; they go in one request. */
    private static final List<Set<String>> COUPLED = List.of(
            Set.of("collation_server", "character_set_server"),
            Set.of("gtid-mode", "enforce_gtid_consistency"),
            Set.of("password_encryption", "rds.accepted_password_auth_method"),
            Set.of("ssl_min_protocol_version", "ssl_max_protocol_version"));

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html">CreateDBParameterGroup</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 255, lower = true, letterFirst = true)
            String dbParameterGroupName,

            @Doc("The family: engine and major version, such as postgres15.") @Required @Immutable
            String dbParameterGroupFamily,

            @Doc("What the group is for.") @Required @Immutable
            String description,

            @Doc("Values by the engine's own names; only those named here are compared.")
            @DeclaredKeys
            @Slow("parameters")
            Map<String, String> parameters,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "DbParameterGroup",
                        Spec.class,
                        RdsClient.class,
                        TAG,
                        "A parameter group: the settings of a database engine.")
                .lists(
                        rds -> rds.describeDBParameterGroupsPaginator(r -> r.maxRecords(PAGE))
                                .dbParameterGroups(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBParameterGroups(r -> r.dbParameterGroupName(name))
                                        .dbParameterGroups(),
                                DbParameterGroupNotFoundException.class))
                .id(DBParameterGroup::dbParameterGroupName)
                .name(DBParameterGroup::dbParameterGroupName)
                .arn(DBParameterGroup::dbParameterGroupArn)
                .tags(RdsTags.indexed("pg"))
                .facetOfOwners("parameters", (rds, group) -> Map.of("parameters", values(rds, group)))
                .createsNamed(CreateDbParameterGroupRequest::builder, RdsClient::createDBParameterGroup)
                .updates(DbParameterGroupKind::put, Spec::parameters)
                .deletes((rds, name) -> rds.deleteDBParameterGroup(r -> r.dbParameterGroupName(name)))
                .output("name", "Its name.", DBParameterGroup::dbParameterGroupName)
                .output("arn", "Its ARN.", DBParameterGroup::dbParameterGroupArn)
                .fault("DBParameterGroupAlreadyExists", EXISTS)
                .fault("InvalidDBParameterGroupState", DEPENDENCY)
                .permissions(Permissions.on("rds:{region}:{account}:pg:{name}"))
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html");
    }

    /**
     * Values that equal the engine's default have another source than {@code user}, also where somebody set them: so all
     * parameters that have a value are read.
     */
    private static Map<String, String> values(RdsClient rds, DBParameterGroup group) {
        Map<String, String> values = new TreeMap<>();
        rds
                .describeDBParametersPaginator(r ->
                        r.dbParameterGroupName(group.dbParameterGroupName()).maxRecords(PAGE))
                .parameters()
                .stream()
                .filter(p -> p.parameterValue() != null)
                .forEach(p -> values.put(p.parameterName(), p.parameterValue()));
        return values;
    }

    private static void put(RdsClient rds, Change<Spec> change) {
        Map<String, String> differing = change.differing(Spec::parameters);
        Map<String, String> types = new HashMap<>();
        rds.describeDBParametersPaginator(
                        r -> r.dbParameterGroupName(change.physicalId()).maxRecords(PAGE))
                .parameters()
                .forEach(p -> types.put(p.parameterName(), p.applyType()));
        for (Map<String, String> batch : batches(differing)) {
            List<Parameter> parameters = batch.entrySet().stream()
                    .map(e -> Parameter.builder()
                            .parameterName(e.getKey())
                            .parameterValue(e.getValue())
                            // Static together with immediate is refused.
                            .applyMethod(
                                    "dynamic".equals(types.get(e.getKey()))
                                            ? ApplyMethod.IMMEDIATE
                                            : ApplyMethod.PENDING_REBOOT)
                            .build())
                    .toList();
            rds.modifyDBParameterGroup(
                    r -> r.dbParameterGroupName(change.physicalId()).parameters(parameters));
        }
    }

    /** At most twenty at once; coupled parameters are never apart. */
    private static List<Map<String, String>> batches(Map<String, String> all) {
        List<String> ordered = new ArrayList<>();
        Set<String> rest = new HashSet<>(all.keySet());
        for (Set<String> coupled : COUPLED) {
            coupled.stream().sorted().filter(rest::remove).forEach(ordered::add);
        }
        rest.stream().sorted().forEach(ordered::add);
        return ordered.stream()
                .gather(Gatherers.windowFixed(PARAMETERS))
                .map(names -> {
                    Map<String, String> batch = new TreeMap<>();
                    names.forEach(name -> batch.put(name, all.get(name)));
                    return batch;
                })
                .toList();
    }
}
