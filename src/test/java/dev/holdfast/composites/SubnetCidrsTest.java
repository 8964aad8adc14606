package dev.holdfast.composites;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Specs;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The CIDR blocks that are derived from any VPC, with any zones in any order, chosen at random with a seed. */
class SubnetCidrsTest {
    private static final long SEED = 20261125;
    private static final int ROUNDS = 500;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void blocks_lie_in_the_vpc_and_never_overlap() {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            String vpc = vpc(random);
            List<String> zones = zones(random);

            // When
            Map<String, IPAddress> blocks = subnets(vpc, zones);

            // Then
            String said = "seed " + SEED + ", round " + round + ": " + vpc + " " + zones;
            IPAddress whole = new IPAddressString(vpc).getAddress().toPrefixBlock();
            assertThat(blocks).as(said).hasSize(3 * zones.size());
            blocks.forEach((name, block) -> {
                assertThat(whole.contains(block)).as(said + " " + name).isTrue();
                assertThat(block.getNetworkPrefixLength()).as(said).isBetween(16, 28);
                assertThat(block.isPrefixBlock())
                        .as(said + " " + name + " is a whole block")
                        .isTrue();
                blocks.forEach((other, its) -> assertThat(name.equals(other) || block.intersect(its) == null)
                        .as(said + " " + name + " and " + other)
                        .isTrue());
            });
        }
    }

    @Test
    void a_zone_that_comes_or_goes_moves_no_other() {
        Random random = new Random(SEED + 1);
        for (int round = 0; round < ROUNDS; round++) {
            // Given
            String vpc = vpc(random);
            List<String> zones = zones(random);
            Map<String, IPAddress> before = subnets(vpc, zones);
            List<String> changed = new ArrayList<>(zones(random));
            changed.addAll(zones.subList(0, zones.size() / 2));
            List<String> after = changed.stream().distinct().toList();

            // When
            Map<String, IPAddress> now = subnets(vpc, after);

            // Then
            String said = "seed " + (SEED + 1) + ", round " + round + ": " + vpc + " " + zones + " to " + after;
            before.forEach((name, block) -> assertThat(now.getOrDefault(name, block))
                    .as(said + " " + name)
                    .isEqualTo(block));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10.20.0.0/16  | public   | a | 10.20.0.0/22
        10.20.0.0/16  | public   | h | 10.20.28.0/22
        10.20.0.0/16  | isolated | a | 10.20.32.0/22
        10.20.0.0/16  | isolated | h | 10.20.60.0/22
        10.20.0.0/16  | private  | a | 10.20.128.0/20
        10.20.0.0/16  | private  | h | 10.20.240.0/20
        10.0.252.0/22 | public   | b | 10.0.252.16/28
        10.0.252.0/22 | isolated | a | 10.0.252.128/28
        10.0.252.0/22 | private  | c | 10.0.254.128/26
        """)
    void the_scheme_stays_as_it_is(String vpc, String tier, String zone, String block) {
        // A change of these expectations would renumber existing networks.
        assertThat(subnets(vpc, List.of(zone)).get("Subnet/main-" + tier + "-" + zone))
                .isEqualTo(new IPAddressString(block).getAddress());
    }

    private static String vpc(Random random) {
        int prefix = 16 + random.nextInt(7);
        int address = random.nextInt() & (-1 << (32 - prefix));
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255)
                + "/" + prefix;
    }

    private static List<String> zones(Random random) {
        List<String> all = new ArrayList<>(List.of(SubnetCidrs.ZONES.split("")));
        Collections.shuffle(all, random);
        return all.subList(0, 1 + random.nextInt(all.size()));
    }

    private static Map<String, IPAddress> subnets(String vpc, List<String> zones) {
        ObjectNode spec = MAPPER.createObjectNode().put("cidrBlock", vpc);
        zones.forEach(spec.putArray("zones")::add);
        Expansion into = new Expansion("main", new Expansion.StackContext("test", "eu-west-2", "123456789012"), spec);
        new NetworkComposite().expand(Specs.read(NetworkComposite.Spec.class, spec), into);
        assertThat(into.mistakes()).isEmpty();
        Map<String, IPAddress> blocks = new TreeMap<>();
        into.parts().stream()
                .filter(p -> p.id().kind().equals("Subnet"))
                .forEach(p -> blocks.put(
                        p.id().toString(),
                        new IPAddressString(p.spec().get("cidrBlock").textValue()).getAddress()));
        return blocks;
    }
}
