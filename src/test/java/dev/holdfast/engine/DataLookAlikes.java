package dev.holdfast.engine;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.rds.RdsClient;

/** Databases and caches of strangers that resemble those of a stack. */
final class DataLookAlikes {
    private final World world;
    private final HandMade stack;
    private final String name;
    private final MadeTags tags;
    /** The names of the created objects, by kind. */
    private final Map<String, String> made = new TreeMap<>();

    DataLookAlikes(World world, HandMade stack, String name, MadeTags tags) {
        this.world = world;
        this.stack = stack;
        this.name = name;
        this.tags = tags;
    }

    /** @return the names of the created objects, by kind */
    Map<String, String> make() {
        databases();
        caches();
        return made;
    }

    private void databases() {
        RdsClient rds = world.somebody(RdsClient.class);
        List<software.amazon.awssdk.services.rds.model.Tag> all =
                tags.as(software.amazon.awssdk.services.rds.model.Tag::builder);
        rds.createDBSubnetGroup(r -> r.dbSubnetGroupName(name)
                .dbSubnetGroupDescription("theirs")
                .subnetIds(stack.subnetA, stack.subnetB)
                .tags(all));
        made.put("DbSubnetGroup", name);
        rds.createDBParameterGroup(r -> r.dbParameterGroupName(name)
                .dbParameterGroupFamily("postgres15")
                .description("theirs")
                .tags(all));
        made.put("DbParameterGroup", name);
        rds.createDBInstance(r -> r.dbInstanceIdentifier(name)
                .dbInstanceClass("db.t4g.micro")
                .engine("postgres")
                .masterUsername("theirs")
                .manageMasterUserPassword(true)
                .allocatedStorage(20)
                .storageEncrypted(true)
                .dbSubnetGroupName(name)
                .tags(all));
        made.put("DbInstance", name);
        rds.createDBClusterParameterGroup(r -> r.dbClusterParameterGroupName(name)
                .dbParameterGroupFamily("aurora-postgresql16")
                .description("theirs")
                .tags(all));
        made.put("DbClusterParameterGroup", name);
        rds.createDBCluster(r -> r.dbClusterIdentifier(name)
                .engine("aurora-postgresql")
                .masterUsername("theirs")
                .manageMasterUserPassword(true)
                .storageEncrypted(true)
                .dbSubnetGroupName(name)
                .tags(all));
        made.put("DbCluster", name);
    }

    private void caches() {
        ElastiCacheClient cache = world.somebody(ElastiCacheClient.class);
        List<software.amazon.awssdk.services.elasticache.model.Tag> all =
                tags.as(software.amazon.awssdk.services.elasticache.model.Tag::builder);
        cache.createCacheSubnetGroup(r -> r.cacheSubnetGroupName(name)
                .cacheSubnetGroupDescription("theirs")
                .subnetIds(stack.subnetA, stack.subnetB)
                .tags(all));
        made.put("CacheSubnetGroup", name);
        cache.createCacheParameterGroup(r -> r.cacheParameterGroupName(name)
                .cacheParameterGroupFamily("redis7")
                .description("theirs")
                .tags(all));
        made.put("CacheParameterGroup", name);
        cache.createReplicationGroup(r -> r.replicationGroupId(name)
                .replicationGroupDescription("theirs")
                .cacheNodeType("cache.t4g.micro")
                .atRestEncryptionEnabled(true)
                .transitEncryptionEnabled(true)
                .cacheSubnetGroupName(name)
                .tags(all));
        made.put("ReplicationGroup", name);
        cache.createUser(r -> r.userId(name)
                .userName("theirs")
                .engine("redis")
                .accessString("on ~* +@read")
                .noPasswordRequired(true)
                .tags(all));
        made.put("CacheUser", name);
        cache.createUserGroup(r ->
                r.userGroupId(name).engine("redis").userIds("default", name).tags(all));
        made.put("CacheUserGroup", name);
        cache.createServerlessCache(r -> r.serverlessCacheName(name)
                .engine("valkey")
                .subnetIds(stack.subnetA, stack.subnetB)
                .tags(all));
        made.put("ServerlessCache", name);
    }
}
