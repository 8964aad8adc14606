package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Action;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.FieldChange.Cause;
import dev.holdfast.model.FieldChange.Effect;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.ApprovedWork;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Owners;
import dev.holdfast.plan.Planner;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.ResourceAssessment.RepairHistory;
import dev.holdfast.plan.ResourceAssessment.ResourceHistory;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/**
 * All changes of one revision to one resource are made in one call, after the steps of all resources to which it
 * refers.
 */
class OneCallTest {
    private static final String ATTACHED = """
            {'apiVersion':'holdfast.dev/v1','kind':'TargetGroup','metadata':{'name':'second'},'spec':{
              'protocol':'HTTP','port':8080,'vpcId':'${Vpc/main}','targetType':'ip'}},
            {'apiVersion':'holdfast.dev/v1','kind':'ListenerRule','metadata':{'name':'second'},'spec':{
              'listenerArn':'${Listener/http}','priority':5,
              'conditions':[{'field':'path-pattern','pathPatternConfig':{'values':['/second']}}],
              'actions':[{'type':'forward','targetGroupArn':'${TargetGroup/second}'}]}}
            """;

    private static List<LoggedRequest> updates(World world) {
        return world.twin.log().requests().stream()
                .filter(r -> r.operation().equals("ecs:UpdateService") && "holdfast".equals(r.app()))
                .toList();
    }

    private static List<String> paths(World world, String resource) {
        return world.view().plan().steps().stream()
                .filter(s -> s.resource().toString().equals(resource))
                .flatMap(s -> s.changes().stream())
                .map(c -> c.path() + (c.knownAfterApply() ? " (known after apply)" : ""))
                .toList();
    }

    @Test
    void aNewImageAndAFieldOfTheServiceAreOneDeployment() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1", 10)).converged();
            String changed = Docs.service("app:2", 20)
                    .replace("'enable':true,'rollback':true", "'enable':true,'rollback':false");
            world.desire(changed, "'mode':'Observe',");
            world.pass();
            assertThat(paths(world, "EcsService/app"))
                    .containsExactlyInAnyOrder(
                            "/healthCheckGracePeriodSeconds",
                            "/deploymentConfiguration/deploymentCircuitBreaker/rollback",
                            "/taskDefinition (known after apply)");

            world.desire(changed).converged();

            assertThat(updates(world))
                    .singleElement()
                    .satisfies(r -> assertThat(r.status()).isEqualTo(200));
        }
    }

    /** While the secret has no ARN, the operator does not know whether the task definition will be replaced. */
    @Test
    void aTaskDefinitionThatIsNotKnownYetIsWaitedFor() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1", 10)).converged();

            world.desire(Docs.service("app:1", 20, "key")).converged();

            assertThat(updates(world)).hasSize(1);
        }
    }

    @Test
    void aTargetGroupIsAttachedInOneCallThatAwsTakes() {
        try (World world = new World()) {
            String before = Docs.service("app:1", 10);
            world.desire(before).converged();

            String attached = before.replace(
                    "'loadBalancers':[",
                    "'loadBalancers':[{'targetGroupArn':'${TargetGroup/second}','containerName':'app','containerPort':8080},");
            world.desire(attached.substring(0, attached.length() - 1) + "," + ATTACHED + "]")
                    .converged();

            assertThat(updates(world))
                    .singleElement()
                    .satisfies(r -> assertThat(r.error()).isNull());
            assertThat(world.twin.log().requests())
                    .filteredOn(r -> "holdfast".equals(r.app()) && r.write() && r.status() >= 400)
                    .isEmpty();
        }
    }

    /**
     * The revision cannot be applied as a whole; a change by another principal is repaired all the same, and
     * separately.
     */
    @Test
    void aRepairDoesNotWaitForTheRevision() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1", 10)).converged();
            EcsClient ecs = world.somebody(EcsClient.class);
            String service = world.resource("EcsService/app").physicalId();
            String cluster = world.resource("EcsCluster/main").physicalId();
            ecs.updateService(r -> r.cluster(cluster).service(service).healthCheckGracePeriodSeconds(99));
            world.twin.faults().add("ecs:RegisterTaskDefinition", new TwinFault.Deny());

            world.desire(Docs.service("app:2", 10).replace("'rollback':true", "'rollback':false"));
            world.run(Duration.ofMinutes(3));

            assertThat(updates(world)).hasSize(1);
            assertThat(world.status("TaskDefinition/app")).isEqualTo(Status.Failed);
            assertThat(world.status("EcsService/app")).as(world.describe()).isEqualTo(Status.Waiting);
            assertThat(ecs.describeServices(r -> r.cluster(cluster).services(service))
                            .services())
                    .singleElement()
                    .satisfies(s -> {
                        assertThat(s.healthCheckGracePeriodSeconds()).isEqualTo(10);
                        assertThat(s.deploymentConfiguration()
                                        .deploymentCircuitBreaker()
                                        .rollback())
                                .isTrue();
                    });
            world.twin.faults().clear();
            world.converged();
            assertThat(updates(world)).hasSize(2);
        }
    }

    /** For every kind, its own change and a change that follows a replacement are one step. */
    @Test
    void everyKindChangesInOneStep() {
        List<String> proven = new ArrayList<>();
        for (Kind<?> kind : TestKinds.all().all().values()) {
            List<String> components = SpecModel.of(kind.info().spec()).fields().stream()
                    .filter(f -> !f.has(InitialOnly.class))
                    .map(SpecModel.Field::name)
                    .toList();
            if (components.size() < 2) {
                continue;
            }
            String own = components.getFirst();
            String referring = components.getLast();

            List<Step> change = plan(kind, change(own, Cause.PendingChange, false), referring);
            assertThat(change).as(kind.info().name()).singleElement().satisfies(step -> {
                assertThat(step.changes()).extracting(FieldChange::component).containsExactly(own, referring);
                assertThat(step.after()).containsExactly(new ResourceId("Vpc", "other"));
            });
            proven.add(kind.info().name());
        }
        assertThat(proven).hasSizeGreaterThan(25);
    }

    private static FieldChange change(String component, Cause cause, boolean knownAfterApply) {
        return new FieldChange(
                "/" + component, component, component, null, null, cause, Effect.Update, knownAfterApply);
    }

    /** The steps of a resource of this kind, one component of which refers to a replaced resource. */
    private static <S extends Record> List<Step> plan(Kind<S> kind, FieldChange own, String referring) {
        ResourceId other = new ResourceId("Vpc", "other");
        ResourceId id = new ResourceId(kind.info().name(), "one");
        FieldChange replaces = new FieldChange(
                "/cidrBlock", "cidrBlock", "cidrBlock", null, null, Cause.PendingChange, Effect.Replace, false);
        Map<ResourceId, ResourceAssessment> all = Map.of(
                other,
                assessment(TestKinds.all().get("Vpc"), other, replaces, Map.of()),
                id,
                assessment(kind, id, own, Map.of(referring, Set.of(other))));
        return new Planner("test", "revision", true, all, Set.of())
                .plan().steps().stream()
                        .filter(s -> s.resource().equals(id) && s.action() != Action.NoOp)
                        .toList();
    }

    private static <S extends Record> ResourceAssessment assessment(
            Kind<S> kind, ResourceId id, FieldChange own, Map<String, Set<ResourceId>> references) {
        SpecModel model = SpecModel.of(kind.info().spec());
        Record nothing = model.make(new Object[model.fields().size()]);
        Known<?> known = Known.of(dev.holdfast.kind.Identity.of("id-of-" + id.name()), nothing);
        Diff diff = new Diff(List.of(own), Set.of(own.component()), Set.of());
        return new ResourceAssessment(
                id,
                kind.info(),
                new DesiredResource(
                        id,
                        com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(),
                        Lifecycle.DEFAULT,
                        Set.of(),
                        null,
                        null,
                        Map.of()),
                nothing,
                Set.of(),
                references,
                references,
                Set.of(),
                Map.of(),
                new Presence.Present(known),
                diff,
                diff,
                components -> components.stream()
                        .map(c -> change(c, Cause.PendingChange, true))
                        .toList(),
                new ResourceHistory(
                        true,
                        "id-of-" + id.name(),
                        null,
                        Set.of(),
                        List.of(),
                        List.of(),
                        null,
                        Set.of(),
                        false,
                        RepairHistory.NONE,
                        null),
                dev.holdfast.plan.ReplacementOrder.CreateFirst,
                null,
                Owners.OURS,
                ApprovedWork.NONE);
    }
}
