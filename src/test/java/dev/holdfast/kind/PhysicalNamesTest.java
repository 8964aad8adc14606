package dev.holdfast.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kinds.ec2.VpcKind;
import dev.holdfast.model.ResourceId;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PhysicalNamesTest {
    private static final KindInfo<?> PLAIN = new VpcKind().info();
    private static final KindInfo<?> VERSIONED = KindInfo.of("Task", VpcKind.Spec.class, OwnershipForm.TAG)
            .versioned(3)
            .description("A sample.")
            .output("id", "Its id.")
            .page("https://docs.aws.amazon.com/")
            .build();

    @Test
    void a_name_is_stack_name_and_hash() {
        // When
        String name = name("acme", "prod", "Api", PLAIN, 63, false, Map.of());

        // Then
        assertThat(name)
                .matches("prod-Api-[0-9a-f]{8}")
                .isEqualTo(name("acme", "prod", "Api", PLAIN, 63, false, Map.of()));
    }

    @Test
    void it_is_cut_before_the_hash_and_lower_where_the_service_wants_it() {
        // When
        String name = name("acme", "production", "The-Api-Of-Everything", PLAIN, 32, true, Map.of());

        // Then
        assertThat(name)
                .hasSizeLessThanOrEqualTo(32)
                .matches("production-the-api-of-e[a-z]*-[0-9a-f]{8}|production-the-api-of-[0-9a-f]{8}");
        assertThat(name).doesNotContain("--");
    }

    @Test
    void no_two_things_share_a_name() {
        // When
        String name = name("acme", "prod", "api", PLAIN, 63, false, Map.of());

        // Then
        assertThat(name)
                .isNotEqualTo(name("other", "prod", "api", PLAIN, 63, false, Map.of()))
                .isNotEqualTo(name("acme", "prod", "api2", PLAIN, 63, false, Map.of()));
        assertThat(name("a", "bc", "d", PLAIN, 63, false, Map.of()))
                .isNotEqualTo(name("ab", "c", "d", PLAIN, 63, false, Map.of()));
    }

    @Test
    void an_immutable_change_changes_it_so_that_the_new_one_can_stand_beside_the_old_one() {
        // Given
        Map<String, JsonNode> before = Map.of("vpcId", TextNode.valueOf("vpc-1"));
        Map<String, JsonNode> after = Map.of("vpcId", TextNode.valueOf("vpc-2"));

        // When
        String name = name("acme", "prod", "api", PLAIN, 63, false, after);

        // Then
        assertThat(name).isNotEqualTo(name("acme", "prod", "api", PLAIN, 63, false, before));
    }

    @Test
    void the_versions_of_a_versioned_kind_share_one_name() {
        // Given
        Map<String, JsonNode> after = Map.of("image", TextNode.valueOf("api:2"));

        // When
        String name = name("acme", "prod", "api", VERSIONED, 63, false, after);

        // Then
        assertThat(name).isEqualTo(name("acme", "prod", "api", VERSIONED, 63, false, Map.of()));
    }

    @Test
    void a_name_begins_as_the_service_wants_it() {
        // Given
        PhysicalNames.Rule letterFirst = new PhysicalNames.Rule(20, true, true, "");
        PhysicalNames.Rule notSg = new PhysicalNames.Rule(255, false, false, "sg-");

        // When
        String database = PhysicalNames.generate(
                "acme", "2nd", "eu-west-2", new ResourceId("Vpc", "orders"), PLAIN, letterFirst, Map.of());
        String group =
                PhysicalNames.generate("acme", "SG", "eu-west-2", new ResourceId("Vpc", "alb"), PLAIN, notSg, Map.of());

        // Then
        assertThat(database).startsWith("h-2nd-orde").hasSizeLessThanOrEqualTo(20);
        assertThat(group).startsWith("h-SG-alb-");
    }

    private static String name(
            String installation,
            String stack,
            String name,
            KindInfo<?> kind,
            int max,
            boolean lower,
            Map<String, JsonNode> immutable) {
        return PhysicalNames.generate(
                installation,
                stack,
                "eu-west-2",
                new ResourceId("Vpc", name),
                kind,
                new PhysicalNames.Rule(max, lower, false, ""),
                immutable);
    }
}
