// The actions on queues and on message move tasks: what each refuses, and what it answers.
#include "queue-service/protocol/sqs_rig_test.hpp"

namespace orderflow::sqs {
namespace {

using Queues = SqsTest;

const std::string invalid_parameter = "400 InvalidParameterValueException InvalidParameterValue;Sender";
const std::string unsupported = "400 UnsupportedOperation AWS.SimpleQueueService.UnsupportedOperation;Sender";

std::string redrive_to(const std::string& queue, const std::string& count = "3") {
    return R"({"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:)" + queue +
           R"(\",\"maxReceiveCount\":)" + count + R"(}"})";
}

TEST_F(Queues, GivenNamesThatAwsRefuses_WhenCreated_ThenTheyAreRefused) {
    for (const auto& name : {std::string("a b"), std::string("a.b"), std::string("\xC3\xA9"), std::string(81, 'a')}) {
        EXPECT_EQ(json("CreateQueue", R"({"QueueName":")" + name + "\"}").json_error(), invalid_parameter) << name;
    }
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":")" + std::string(80, 'a') + "\"}").status(), 200U);
}

TEST_F(Queues, GivenAFifoQueue_WhenCreated_ThenItIsUnsupported) {
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders.fifo"})").json_error(), unsupported);
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders","Attributes":{"FifoQueue":"true"}})").json_error(),
              unsupported);
}

TEST_F(Queues, GivenAttributesThatAwsRefuses_WhenCreated_ThenTheyAreNamed) {
    const auto error = [&](const std::string& name, const std::string& value) {
        return json("CreateQueue", R"({"QueueName":"orders","Attributes":{")" + name + R"(":")" + value + "\"}}")
            .json_error();
    };
    const std::string invalid_value = "400 InvalidAttributeValue InvalidAttributeValue;Sender";
    const std::string invalid_name = "400 InvalidAttributeName InvalidAttributeName;Sender";
    EXPECT_EQ(error("VisibilityTimeout", "43201"), invalid_value);
    EXPECT_EQ(error("VisibilityTimeout", "-1"), invalid_value);
    EXPECT_EQ(error("VisibilityTimeout", "x"), invalid_value);
    EXPECT_EQ(error("VisibilityTimeout", ""), invalid_value);
    EXPECT_EQ(error("DelaySeconds", "901"), invalid_value);
    EXPECT_EQ(error("MessageRetentionPeriod", "59"), invalid_value);
    EXPECT_EQ(error("MessageRetentionPeriod", "0"), invalid_value);
    EXPECT_EQ(error("MessageRetentionPeriod", "1209601"), invalid_value);
    EXPECT_EQ(error("ReceiveMessageWaitTimeSeconds", "21"), invalid_value);
    EXPECT_EQ(error("MaximumMessageSize", "1023"), invalid_value);
    EXPECT_EQ(error("MaximumMessageSize", "1048577"), invalid_value);
    EXPECT_EQ(error("SqsManagedSseEnabled", "perhaps"), invalid_value);
    EXPECT_EQ(error("Nothing", "1"), invalid_name);
    EXPECT_EQ(error("QueueArn", "x"), invalid_name);
    EXPECT_EQ(error("ContentBasedDeduplication", "true"), invalid_name);
    EXPECT_EQ(error("RedrivePolicy", "x"), invalid_parameter);
    EXPECT_EQ(json("GetQueueUrl", R"({"QueueName":"orders"})").status(), 400U);
}

TEST_F(Queues, GivenARedrivePolicyToNowhere_WhenSet_ThenItIsRefused) {
    const auto create_error = [&](const std::string& attributes) {
        return json("CreateQueue", R"({"QueueName":"orders","Attributes":)" + attributes + "}").json_error();
    };
    EXPECT_EQ(create_error(redrive_to("missing")), invalid_parameter);
    create("dead");
    EXPECT_EQ(create_error(redrive_to("dead", "0")), invalid_parameter);
    EXPECT_EQ(create_error(redrive_to("dead", "1001")), invalid_parameter);
    EXPECT_EQ(create_error(R"({"RedrivePolicy":"{\"maxReceiveCount\":3}"})"), invalid_parameter);
    EXPECT_EQ(create_error(redrive_to("dead")), "200 (none) ");
}

TEST_F(Queues, GivenAQueue_WhenCreatedAgain_ThenOnlyGivenAttributesAreCompared) {
    create("orders", R"({"VisibilityTimeout":"60"})");

    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders"})").text({"QueueUrl"}), url("orders"));
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders","Attributes":{"VisibilityTimeout":"60"}})").status(), 200U);
    const auto other = R"({"QueueName":"orders","Attributes":{"VisibilityTimeout":"61"}})";
    EXPECT_EQ(json("CreateQueue", other).json_error(), "400 QueueNameExists QueueAlreadyExists;Sender");
    EXPECT_NE(json("CreateQueue", other).text({"message"}).find("VisibilityTimeout"), std::string::npos);
}

TEST_F(Queues, GivenADeletedQueue_WhenUsedOrCreatedWithinAMinute_ThenItIsRefused) {
    create("orders");
    send_body("orders", "x");
    EXPECT_EQ(json("DeleteQueue", on("orders")).status(), 200U);

    EXPECT_EQ(json("SendMessage", on("orders", R"("MessageBody":"x")")).json_error(),
              "400 QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue;Sender");
    EXPECT_EQ(json("DeleteQueue", on("orders")).status(), 400U);
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders"})").json_error(),
              "400 QueueDeletedRecently AWS.SimpleQueueService.QueueDeletedRecently;Sender");
    rig.loop().advance(61s);
    create("orders");
    EXPECT_EQ(receive_receipt("orders"), "(none)");
}

TEST_F(Queues, GivenAPurge_WhenAskedAgainWithinAMinute_ThenItIsInProgress) {
    create("orders");
    send_body("orders", "x");
    EXPECT_EQ(json("PurgeQueue", on("orders")).status(), 200U);
    EXPECT_EQ(receive_receipt("orders"), "(none)");

    EXPECT_EQ(json("PurgeQueue", on("orders")).json_error(),
              "400 PurgeQueueInProgress AWS.SimpleQueueService.PurgeQueueInProgress;Sender");
    EXPECT_EQ(form("Action=PurgeQueue", "/000000000000/orders").xml_error(),
              "403 AWS.SimpleQueueService.PurgeQueueInProgress Sender");
}

TEST_F(Queues, GivenAllAttributes_WhenAsked_ThenTheyAreToldAsAwsDoes) {
    create("dead");
    create("orders", redrive_to("dead"));
    send_body("orders", "x");

    const auto all = json("GetQueueAttributes", on("orders", R"("AttributeNames":["All"])"));

    const auto value = [&](std::string_view name) { return all.text({"Attributes", name}); };
    EXPECT_EQ(value("QueueArn"), "arn:aws:sqs:us-east-1:000000000000:orders");
    EXPECT_EQ(value("VisibilityTimeout"), "30");
    EXPECT_EQ(value("DelaySeconds"), "0");
    EXPECT_EQ(value("MessageRetentionPeriod"), "345600");
    EXPECT_EQ(value("MaximumMessageSize"), "1048576");
    EXPECT_EQ(value("ReceiveMessageWaitTimeSeconds"), "0");
    EXPECT_EQ(value("ApproximateNumberOfMessages"), "1");
    EXPECT_EQ(value("ApproximateNumberOfMessagesNotVisible"), "0");
    EXPECT_EQ(value("ApproximateNumberOfMessagesDelayed"), "0");
    EXPECT_EQ(value("SqsManagedSseEnabled"), "true");
    EXPECT_EQ(value("CreatedTimestamp"), std::to_string(to_unix_ms(rig.loop().clock().wall()) / 1000));
    EXPECT_EQ(value("RedrivePolicy"),
              R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":3})");
    EXPECT_EQ(value("FifoQueue"), "(none)");
    EXPECT_EQ(value("Policy"), "(none)");
}

TEST_F(Queues, GivenAttributeNames_WhenAsked_ThenOnlyThoseAreTold) {
    create("orders");

    EXPECT_EQ(json("GetQueueAttributes", on("orders")).body(), "{}");
    EXPECT_EQ(json("GetQueueAttributes", on("orders", R"("AttributeNames":["DelaySeconds","FifoQueue"])")).body(),
              R"({"Attributes":{"DelaySeconds":"0"}})");
    EXPECT_EQ(json("GetQueueAttributes", on("orders", R"("AttributeNames":["Nothing"])")).json_error(),
              "400 InvalidAttributeName InvalidAttributeName;Sender");
}

TEST_F(Queues, GivenNewAttributes_WhenSet_ThenTheOthersStay) {
    create("dead");
    create("orders", R"({"VisibilityTimeout":"60"})");
    EXPECT_EQ(json("SetQueueAttributes", on("orders", R"("Attributes":)" + redrive_to("dead"))).status(), 200U);
    EXPECT_EQ(
        form("Action=SetQueueAttributes&Attribute.1.Name=DelaySeconds&Attribute.1.Value=5", "/000000000000/orders")
            .status(),
        200U);

    const auto set = json("GetQueueAttributes", on("orders", R"("AttributeNames":["All"])"));
    EXPECT_EQ(set.text({"Attributes", "VisibilityTimeout"}), "60");
    EXPECT_EQ(set.text({"Attributes", "DelaySeconds"}), "5");
    EXPECT_NE(set.text({"Attributes", "RedrivePolicy"}), "(none)");

    EXPECT_EQ(json("SetQueueAttributes", on("orders", R"("Attributes":{"RedrivePolicy":""})")).status(), 200U);
    EXPECT_EQ(json("GetQueueAttributes", on("orders", R"("AttributeNames":["RedrivePolicy"])")).body(), "{}");
}

TEST_F(Queues, GivenARedriveAllowPolicy_WhenAnotherQueueRedrivesHere_ThenItIsRefused) {
    create("dead", R"({"RedriveAllowPolicy":"{\"redrivePermission\":\"denyAll\"}"})");

    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders","Attributes":)" + redrive_to("dead") + "}").json_error(),
              invalid_parameter);
    EXPECT_EQ(json("GetQueueAttributes", on("dead", R"("AttributeNames":["RedriveAllowPolicy"])"))
                  .text({"Attributes", "RedriveAllowPolicy"}),
              R"({"redrivePermission":"denyAll"})");
}

TEST_F(Queues, GivenSeveralQueues_WhenListed_ThenPrefixAndPagesDecide) {
    for (const auto* name : {"b", "a2", "a1", "a3"}) create(name);

    const auto all = json("ListQueues", R"({"QueueNamePrefix":"a"})");
    EXPECT_EQ(all.text({"QueueUrls", "2"}), url("a3"));
    EXPECT_EQ(all.text({"QueueUrls", "3"}), "(none)");
    EXPECT_EQ(all.text({"NextToken"}), "(none)");
    const auto first = json("ListQueues", R"({"QueueNamePrefix":"a","MaxResults":2})");
    EXPECT_EQ(first.text({"QueueUrls", "1"}), url("a2"));
    const auto next = json(
        "ListQueues", R"({"QueueNamePrefix":"a","MaxResults":2,"NextToken":")" + first.text({"NextToken"}) + "\"}");
    EXPECT_EQ(next.text({"QueueUrls", "0"}), url("a3"));
    EXPECT_EQ(next.text({"QueueUrls", "1"}), "(none)");
    EXPECT_EQ(next.text({"NextToken"}), "(none)");
    EXPECT_EQ(json("ListQueues", R"({"QueueNamePrefix":"c"})").body(), "{}");
    EXPECT_EQ(json("ListQueues", R"({"MaxResults":0})").json_error(), invalid_parameter);
    EXPECT_EQ(json("ListQueues", R"({"MaxResults":1001})").json_error(), invalid_parameter);
    EXPECT_EQ(json("ListQueues", R"({"MaxResults":1,"NextToken":"*"})").json_error(), invalid_parameter);
}

TEST_F(Queues, GivenAQueueOfAnotherAccount_WhenItsUrlIsAsked_ThenItDoesNotExist) {
    create("orders");

    EXPECT_EQ(json("GetQueueUrl", R"({"QueueName":"orders"})").text({"QueueUrl"}), url("orders"));
    EXPECT_EQ(json("GetQueueUrl", R"({"QueueName":"orders","QueueOwnerAWSAccountId":"000000000000"})").status(), 200U);
    EXPECT_EQ(json("GetQueueUrl", R"({"QueueName":"orders","QueueOwnerAWSAccountId":"111111111111"})").status(), 400U);
}

TEST_F(Queues, GivenTags_WhenAddedAndTakenAway_ThenTheRestIsListed) {
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":"orders","tags":{"team":"shop"}})").status(), 200U);
    EXPECT_EQ(json("TagQueue", on("orders", R"("Tags":{"a":"1","b":""})")).status(), 200U);
    EXPECT_EQ(form("Action=TagQueue&Tag.1.Key=c&Tag.1.Value=3", "/000000000000/orders").status(), 200U);
    EXPECT_EQ(json("UntagQueue", on("orders", R"("TagKeys":["a"])")).status(), 200U);

    EXPECT_EQ(json("ListQueueTags", on("orders")).body(), R"({"Tags":{"b":"","c":"3","team":"shop"}})");
    EXPECT_NE(
        form("Action=ListQueueTags", "/000000000000/orders").body().find("<Tag><Key>c</Key><Value>3</Value></Tag>"),
        std::string::npos);
    EXPECT_EQ(json("TagQueue", on("orders", R"("Tags":{"":"1"})")).json_error(), invalid_parameter);
    EXPECT_EQ(json("TagQueue", on("orders")).json_error(),
              "400 MissingRequiredParameterException MissingParameter;Sender");
}

TEST_F(Queues, GivenPermissions_WhenAddedAndRemoved_ThenThePolicyFollows) {
    create("orders");
    const auto policy = [&] {
        return json("GetQueueAttributes", on("orders", R"("AttributeNames":["Policy"])"))
            .text({"Attributes", "Policy"});
    };
    const std::string members = R"("Label":"one","AWSAccountIds":["111111111111"],"Actions":["SendMessage"])";
    EXPECT_EQ(json("AddPermission", on("orders", members)).status(), 200U);
    EXPECT_NE(policy().find(R"("Sid":"one","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},)"
                            R"("Action":"SQS:SendMessage")"),
              std::string::npos)
        << policy();

    EXPECT_EQ(json("AddPermission", on("orders", members)).json_error(), invalid_parameter);
    EXPECT_EQ(json("AddPermission", on("orders", R"("Label":"x","AWSAccountIds":["1"],"Actions":["SendMessage"])"))
                  .json_error(),
              invalid_parameter);
    EXPECT_EQ(json("AddPermission", on("orders", R"("Label":"x","AWSAccountIds":["111111111111"],"Actions":["Fly"])"))
                  .json_error(),
              invalid_parameter);
    EXPECT_EQ(json("RemovePermission", on("orders", R"("Label":"two")")).json_error(), invalid_parameter);
    EXPECT_EQ(json("RemovePermission", on("orders", R"("Label":"one")")).status(), 200U);
    EXPECT_EQ(policy(), "(none)");
}

TEST_F(Queues, GivenADeadLetterQueue_WhenItsSourcesAreListed_ThenTheyAreTold) {
    create("dead");
    create("orders", redrive_to("dead"));

    EXPECT_EQ(json("ListDeadLetterSourceQueues", on("dead")).body(), R"({"queueUrls":[")" + url("orders") + R"("]})");
    EXPECT_EQ(form("Action=ListDeadLetterSourceQueues", "/000000000000/dead").element("QueueUrl"), url("orders"));
}

class MoveTasks : public SqsTest {
  protected:
    MoveTasks() {
        create("dead");
        create("orders", R"({"VisibilityTimeout":"0",)" + redrive_to("dead", "1").substr(1));
        send_body("orders", "x");
        EXPECT_NE(receive_receipt("orders"), "(none)");
        EXPECT_EQ(receive_receipt("orders"), "(none)");  // it moved
    }
    static std::string from(const std::string& queue, const std::string& members = {}) {
        return R"({"SourceArn":"arn:aws:sqs:us-east-1:000000000000:)" + queue + "\"" + members + "}";
    }
};

TEST_F(MoveTasks, GivenASourceThatCannotBe_WhenStarted_ThenItIsRefused) {
    EXPECT_EQ(json("StartMessageMoveTask", R"({"SourceArn":"dead"})").json_error(), invalid_parameter);
    EXPECT_EQ(json("StartMessageMoveTask", from("missing")).json_error(),
              "400 ResourceNotFoundException ResourceNotFoundException;Sender");
    EXPECT_EQ(json("StartMessageMoveTask", from("orders")).json_error(), invalid_parameter);
    EXPECT_EQ(json("StartMessageMoveTask", from("dead", R"(,"MaxNumberOfMessagesPerSecond":501)")).json_error(),
              invalid_parameter);
    EXPECT_EQ(
        json("StartMessageMoveTask", from("dead", R"(,"DestinationArn":"arn:aws:sqs:us-east-1:000000000000:missing")"))
            .json_error(),
        "400 ResourceNotFoundException ResourceNotFoundException;Sender");
    EXPECT_EQ(form("Action=StartMessageMoveTask&SourceArn=arn:aws:sqs:us-east-1:000000000000:missing").status(), 404U);
}

TEST_F(MoveTasks, GivenADeadLetter_WhenATaskRuns_ThenItIsBackAndTheTaskIsListed) {
    EXPECT_EQ(json("StartMessageMoveTask", from("dead")).status(), 200U);
    rig.loop().advance(1s);

    EXPECT_NE(receive_receipt("orders"), "(none)");
    const auto tasks = json("ListMessageMoveTasks", from("dead"));
    EXPECT_EQ(tasks.text({"Results", "0", "Status"}), "COMPLETED");
    EXPECT_EQ(tasks.text({"Results", "0", "ApproximateNumberOfMessagesMoved"}), "1");
    EXPECT_EQ(tasks.text({"Results", "0", "SourceArn"}), "arn:aws:sqs:us-east-1:000000000000:dead");
    EXPECT_EQ(tasks.text({"Results", "0", "TaskHandle"}), "(none)");
}

TEST_F(MoveTasks, GivenAHandle_WhenCancelled_ThenOnlyARunningTaskIs) {
    EXPECT_EQ(json("CancelMessageMoveTask", R"({"TaskHandle":"x"})").json_error(), invalid_parameter);
    const auto handle = json("StartMessageMoveTask", from("dead")).text({"TaskHandle"});
    rig.loop().advance(1s);

    EXPECT_EQ(json("CancelMessageMoveTask", R"({"TaskHandle":")" + handle + "\"}").json_error(), unsupported);
}

}  // namespace
}  // namespace orderflow::sqs
