package dev.holdfast.engine;

import dev.holdfast.twin.rds.TwinRds;
import java.util.List;
import java.util.function.Consumer;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** A small stack with one database, and the state of that database in RDS. */
public final class Databases {
    private Databases() {}

    /** The network documents that every database needs. */
    static final String SUBNETS = String.join(
            ",",
            Docs.VPC_IN_TWO_ZONES,
            Docs.document(
                    "DbSubnetGroup",
                    "main",
                    "'dbSubnetGroupDescription':'two zones','subnetIds':['${Subnet/a}','${Subnet/b}']"),
            Docs.document("SecurityGroup", "db", "'vpcId':'${Vpc/main}','description':'database'"));

    static final String NETWORK = String.join(
            ",",
            SUBNETS,
            Docs.document(
                    "DbParameterGroup",
                    "main",
                    "'dbParameterGroupFamily':'postgres15','description':'p','parameters':{'rds.force_ssl':'1'}"));

    public static String postgres(String more) {
        return Docs.of(documents(more));
    }

    /** The documents of a database and of its network. */
    static String documents(String more) {
        return String.join(",", NETWORK, Docs.document("DbInstance", "main", """
                        'dbInstanceClass':'db.t4g.medium','engine':'postgres','engineVersion':'15','masterUsername':'admin1',
                        'manageMasterUserPassword':true,'allocatedStorage':20,'maxAllocatedStorage':100,'storageType':'gp3',
                        'storageEncrypted':true,'dbSubnetGroupName':'${DbSubnetGroup/main}',
                        'vpcSecurityGroupIds':['${SecurityGroup/db}'],'dbParameterGroupName':'${DbParameterGroup/main}',
                        'backupRetentionPeriod':7,%s'multiAZ':false""".formatted(more)));
    }

    static TwinRds rds(World world) {
        return world.account().service(World.REGION, TwinRds.class);
    }

    static List<DBInstance> instances(World world) {
        return world.somebody(RdsClient.class).describeDBInstances(r -> {}).dbInstances();
    }

    static DBInstance instance(World world) {
        return instances(world).getFirst();
    }

    /** Somebody changes the database in RDS. */
    static void modify(World world, Consumer<ModifyDbInstanceRequest.Builder> change) {
        String name = name(world);
        world.somebody(RdsClient.class).modifyDBInstance(r -> change.accept(r.dbInstanceIdentifier(name)));
    }

    static long modifications(World world) {
        return world.calls("rds:ModifyDBInstance");
    }

    static String name(World world) {
        return instance(world).dbInstanceIdentifier();
    }

    static String parameterGroup(World world) {
        return instance(world).dbParameterGroups().getFirst().dbParameterGroupName();
    }

    static String applyStatus(World world) {
        return instance(world).dbParameterGroups().getFirst().parameterApplyStatus();
    }

    static long calls(World world, String operation) {
        return world.calls("rds:" + operation);
    }
}
