package dev.holdfast.desired;

import dev.holdfast.kind.TestKinds;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Documents that cost their reader as much as possible. The program compiles each of them and prints the result. */
public final class Bombs {
    private static final String STACK = """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"bad"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":["docs.json"],"params":{%s}}}
            """;
    private static final String VPC =
            "{\"apiVersion\":\"holdfast.dev/v1\",\"kind\":\"Vpc\",\"metadata\":{\"name\":\"%s\"},\"spec\":{%s}}";

    private Bombs() {}

    /** @param args a folder for the bomb that is a file */
    public static void main(String... args) throws IOException {
        Path folder = Path.of(args[0]);
        Map<String, String[]> all = all();
        for (String name : all.keySet()) {
            System.out.println(name + " " + compiled(all.get(name)));
        }
        Files.writeString(folder.resolve("stack.json"), STACK.formatted(""));
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("docs.json").toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        System.out.println("sparse " + said(new DesiredCompiler(TestKinds.all()).compile(folder)));
        long peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(Bombs::peak)
                .sum();
        System.out.println("heap " + (peak >> 20) + " MB at the most");
    }

    private static long peak(MemoryPoolMXBean pool) {
        return pool.getPeakUsage().getUsed();
    }

    private static String compiled(String... bomb) {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("bad/stack.json", STACK.formatted(bomb[0]).getBytes(StandardCharsets.UTF_8));
        files.put("bad/docs.json", bomb[1].getBytes(StandardCharsets.UTF_8));
        return said(new DesiredCompiler(TestKinds.all()).compile(files));
    }

    private static String said(Map<String, LoadResult> compiled) {
        return compiled.get("bad") instanceof LoadResult.RefusedRevision refused
                ? "Refused: " + refused.problems().getFirst()
                : "not refused";
    }

    /** The params and the documents by the name of the bomb. */
    private static Map<String, String[]> all() {
        Map<String, String[]> all = new TreeMap<>();
        all.put(
                "param",
                bomb(
                        "\"long\":\"" + "x".repeat(1 << 20) + "\"",
                        many(3_000, i -> VPC.formatted("v" + i, "\"tags\":{\"a\":\"${params.long}\"}"))));
        all.put(
                "list",
                bomb(
                        "\"list\":" + many(20_000, i -> "1"),
                        many(20_000, i -> VPC.formatted("v" + i, "\"tags\":\"${params.list}\""))));
        all.put(
                "depth",
                bomb(
                        "\"deep\":" + "[".repeat(900) + "]".repeat(900),
                        VPC.formatted("main", "\"tags\":" + "[".repeat(900) + "\"${params.deep}\"" + "]".repeat(900))));
        all.put(
                "cycle",
                bomb(
                        "",
                        many(
                                20_000,
                                i -> VPC.formatted(
                                        "v" + i + "\",\"dependsOn\":[\"Vpc/v" + (i + 19_999) % 20_000
                                                + "\"],\"region\":\"eu-west-2",
                                        "\"cidrBlock\":\"10.0.0.0/16\""))));
        all.put(
                "names",
                bomb(
                        "",
                        many(
                                20_000,
                                i -> i % 2 == 0
                                        ? VPC.formatted("known" + i, "\"cidrBlock\":\"10.0.0.0/16\"")
                                        : VPC.formatted("n" + i, "\"cidrBlock\":\"${Vpc/unknown" + i + "}\""))));
        all.put("name", bomb("", VPC.formatted("n".repeat(70_000), "\"cidrBlock\":\"10.0.0.0/16\"")));
        all.put("values", bomb("", many(1_000_000, i -> "1")));
        all.put("number", bomb("", VPC.formatted("main", "\"cidrBlock\":" + "9".repeat(1_000_000))));
        all.put(
                "pointer",
                bomb(
                        "",
                        VPC.formatted("main", "\"cidrBlock\":\"10.0.0.0/16\"")
                                .replace(
                                        "\"spec\"",
                                        "\"lifecycle\":{\"ignore\":[\"" + "/a".repeat(200_000) + "\"]},\"spec\"")));
        return all;
    }

    private static String[] bomb(String params, String documents) {
        return new String[] {params, documents};
    }

    private static String many(int count, IntFunction<String> one) {
        return IntStream.range(0, count).mapToObj(one).collect(Collectors.joining(",", "[", "]"));
    }
}
