package dev.holdfast.twin.store;

import dev.holdfast.aws.SdkShapes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** Cuts lists into pages by the members that AWS's requests and responses have for that. Tokens are offsets that callers cannot read. */
final class Paging {
    private static final List<String> TOKENS = List.of("nextToken", "marker", "paginationToken");
    private static final List<String> NEXT_TOKENS = List.of("nextToken", "nextMarker", "marker", "paginationToken");
    private static final List<String> SIZES =
            List.of("maxResults", "pageSize", "limit", "maxItems", "maxRecords", "resourcesPerPage");

    private Paging() {}

    /**
     * The list that a request asks for.
     *
     * @param largest the largest page that AWS gives
     * @param usual the size of a page if the request asks for none
     */
    record Listed(List<?> all, int largest, int usual) {}

    static <R extends SdkPojo & SdkBuilder<R, A>, A> A answer(
            TwinSettings settings, SdkPojo request, R response, Listed listed) {
        String token = (String) first(request, TOKENS);
        int from = token == null || token.isEmpty() ? 0 : Integer.parseInt(token, 36);
        Integer asked = Objects.requireNonNullElse((Integer) first(request, SIZES), listed.usual());
        int to = Math.min(listed.all().size(), from + settings.pageSize(listed.largest(), asked));
        String next = to < listed.all().size() ? Integer.toString(to, 36) : null;
        list(response)
                .set(
                        response,
                        from >= listed.all().size()
                                ? List.of()
                                : List.copyOf(listed.all().subList(from, to)));
        for (String name : NEXT_TOKENS) {
            SdkField<?> member = SdkShapes.member(response, name);
            if (member != null) {
                member.set(response, next);
            }
        }
        SdkField<?> truncated = SdkShapes.member(response, "isTruncated");
        if (truncated != null) {
            truncated.set(response, next != null);
        }
        return response.build();
    }

    private static @Nullable Object first(SdkPojo request, List<String> members) {
        return members.stream()
                .map(name -> SdkShapes.get(request, name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static SdkField<?> list(SdkBuilder<?, ?> response) {
        SdkPojo built = (SdkPojo) response.build();
        return built.sdkFields().stream()
                .filter(f -> f.marshallingType() == MarshallingType.LIST)
                .filter(f -> f.getValueOrDefault(built) instanceof SdkAutoConstructList)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no list to fill in " + built.getClass()));
    }
}
