# These are the digests of 25.0.4.1+1. `docker buildx imagetools inspect eclipse-temurin:25-jre` prints newer digests.
FROM eclipse-temurin:25-jdk@sha256:8c0a84ea11c8f6ed52600fc19f1040121f2a162998e9f50a5faebbbad9172dcc AS build
ARG VERSION=unknown
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY src src
# The tag v1.2.3 makes the version 1.2.3; without a tag it is that of pom.xml.
RUN --mount=type=cache,target=/root/.m2 \
    ./mvnw -B -q --no-transfer-progress -Dmaven.test.skip=true $([ "$VERSION" = unknown ] || echo "-Drevision=${VERSION#v}") package

# Creates the cache of the classes that start-up loads. The JDK that uses the cache must also create it.
FROM eclipse-temurin:25-jre@sha256:fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636 AS start
WORKDIR /holdfast
COPY --from=build /src/target/quarkus-app/ /src/src/main/docker/jvm.options ./
RUN java @/holdfast/jvm.options -XX:AOTCacheOutput=/holdfast/holdfast.aot -jar /holdfast/quarkus-run.jar kinds > /dev/null

FROM eclipse-temurin:25-jre@sha256:fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636
ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="holdfast" \
      org.opencontainers.image.description="Keeps an AWS account as its desired state says" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.base.name="docker.io/library/eclipse-temurin:25-jre" \
      org.opencontainers.image.base.digest="sha256:fcd7fd7b387f94bb2ac461478a7436ad8e349924c374ea8313919624dceae636"
WORKDIR /holdfast
COPY --from=start /holdfast/ ./
# The authorities of RDS: the rotation function accepts no database without a certificate of theirs.
ADD --chmod=0444 https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ./rds-authorities.pem
# Nothing is written but to /tmp: the root file system may be read-only. A volume keeps the image's permissions on it.
VOLUME ["/tmp"]
# The user is a number, so that a container runtime can check that it is not root.
USER 10001:10001
ENV HOLDFAST_LOG=json \
    HOLDFAST_ROTATION_CA=/holdfast/rds-authorities.pem \
    QUARKUS_HTTP_HOST=0.0.0.0 \
    MALLOC_ARENA_MAX=2 \
    JDK_JAVA_OPTIONS="@/holdfast/jvm.options"
EXPOSE 8080
# The image has no HTTP client but bash.
HEALTHCHECK --interval=15s --timeout=5s --retries=5 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /q/health/live HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q '^HTTP/1.[01] 200' <&3"]
ENTRYPOINT ["java", "-XX:AOTCache=/holdfast/holdfast.aot", "-jar", "/holdfast/quarkus-run.jar"]
CMD ["run"]
