package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ResourceId;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;

/** A daemon runs for months: its memory must not grow with every resource that ever was in a stack. */
class ForgottenResourcesTest {
    private static final String STAYS = Docs.alarm("stays", 1);
    private static final String HOURLY = "'interval':'PT1H','limits':{'maxDeletes':1000},";

    /** Finds the collections of the engine that contain a resource, by the fields that lead to them. */
    private static final class Walk {
        private final Predicate<Object> wanted;
        private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Deque<Place> open = new ArrayDeque<>();
        private final Set<String> found = new TreeSet<>();

        private record Place(Object of, String path) {}

        private Walk(Predicate<Object> wanted) {
            this.wanted = wanted;
        }

        Set<String> from(Object root) {
            add(root, "");
            while (!open.isEmpty()) {
                Place place = open.removeFirst();
                visit(place.of(), place.path());
            }
            return found;
        }

        private void add(@Nullable Object one, String path) {
            if (one != null && seen.add(one)) {
                open.addLast(new Place(one, path));
            }
        }

        private void visit(Object one, String path) {
            switch (one) {
                case Map<?, ?> map -> {
                    elements(map.keySet(), path);
                    map.values().forEach(value -> add(value, path));
                }
                case Collection<?> some -> elements(some, path);
                case StackView view -> {}
                case EventLog events -> {}
                default -> {
                    fields(one);
                }
            }
        }

        private void elements(Collection<?> some, String path) {
            for (Object element : some) {
                if (names(element)) {
                    found.add(path);
                }
                add(element, path);
            }
        }

        private boolean names(@Nullable Object element) {
            return element != null
                    && (wanted.test(element)
                            || (element instanceof Record record
                                    && record.getClass().getName().startsWith("dev.holdfast.")
                                    && values(record).anyMatch(wanted)));
        }

        private static Stream<Object> values(Record record) {
            return List.of(record.getClass().getDeclaredFields()).stream()
                    .filter(field -> !Modifier.isStatic(field.getModifiers()))
                    .map(field -> value(field, record))
                    .filter(Objects::nonNull);
        }

        private void fields(Object one) {
            for (Class<?> type = one.getClass(); type != null && isOfTheEngine(type); type = type.getSuperclass()) {
                for (Field field : type.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers())
                            && !field.getType().isPrimitive()) {
                        add(value(field, one), type.getSimpleName() + "." + field.getName());
                    }
                }
            }
        }

        private static boolean isOfTheEngine(Class<?> type) {
            return type.getName().startsWith("dev.holdfast.engine.")
                    && !type.getSimpleName().startsWith("World");
        }

        private static @Nullable Object value(Field field, Object of) {
            try {
                field.setAccessible(true);
                return field.get(of);
            } catch (IllegalAccessException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static Set<String> placesOf(World world, Set<ResourceId> ids, Set<String> physicalIds) {
        return new Walk(one -> one instanceof ResourceId id ? ids.contains(id) : physicalIds.contains(one))
                .from(world.reconciler());
    }

    private static String serviceAnd(String... more) {
        String service = Docs.service("app:1.0.0", 60);
        return service.substring(0, service.lastIndexOf(']')) + "," + String.join(",", more) + "]";
    }

    private static World filled(World world) {
        world.desire(serviceAnd(STAYS), HOURLY).converged();
        String role = world.resource("Role/app").physicalId();
        world.somebody(IamClient.class).updateRole(r -> r.roleName(role).description("by somebody"));
        world.reconciler()
                .changed(List.of(new ChangeHint(
                        ResourceId.parse("Role/app"),
                        new ChangeAuthor(
                                "ann",
                                ChangeAuthor.IdentityType.IamUser,
                                null,
                                null,
                                null,
                                world.clock.instant(),
                                "iam:UpdateRole",
                                "e-1"))));
        world.run(Duration.ofMinutes(5));
        world.refuse("cloudwatch:PutMetricAlarm", 403, "AccessDenied", "not allowed");
        String failing =
                IntStream.range(0, 5).mapToObj(i -> Docs.alarm("fails" + i, 1)).collect(Collectors.joining(","));
        world.desire(serviceAnd(STAYS, failing), HOURLY).pass();
        world.run(Duration.ofMinutes(5));
        world.twin.faults().clear();
        return world;
    }

    @Test
    void noCollectionKeepsAResourceThatLeftTheStack() {
        try (World world = filled(new World())) {
            Map<ResourceId, ResourceView> before = world.view().resources();
            Set<ResourceId> ids = new TreeSet<>(before.keySet());
            ids.remove(ResourceId.parse("Alarm/stays"));
            Set<String> physicalIds = ids.stream()
                    .map(before::get)
                    .map(ResourceView::physicalId)
                    .filter(Objects::nonNull)
                    .collect(Collectors.toSet());
            assertThat(placesOf(world, ids, physicalIds)).hasSizeGreaterThan(10);

            world.desire(Docs.of(STAYS), HOURLY).converged();
            // The drift report shows repaired drift for a day, and the oldest reads are made again in turn.
            world.run(Duration.ofHours(30));

            assertThat(world.view().resources()).containsOnlyKeys(ResourceId.parse("Alarm/stays"));
            assertThat(placesOf(world, ids, physicalIds)).isEmpty();
        }
    }
}
