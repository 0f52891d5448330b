// The actions on messages: what each refuses, and what it answers. Over both protocols where they differ.
#include "libs/crypto/digest.hpp"
#include "queue-service/protocol/sqs_rig_test.hpp"

namespace orderflow::sqs {
namespace {

constexpr std::size_t mebibyte = 1024 * 1024;

class Messages : public SqsTest {
  protected:
    Messages() { create("orders"); }

    std::string send_error(std::string_view members) { return json("SendMessage", on("orders", members)).json_error(); }
    std::string receive_error(std::string_view members) {
        return json("ReceiveMessage", on("orders", members)).json_error();
    }
    TestAnswer batch(std::string_view action, std::string_view entries) {
        return json(action, on("orders", R"("Entries":[)" + std::string(entries) + "]"));
    }
};

const std::string invalid_parameter = "400 InvalidParameterValueException InvalidParameterValue;Sender";

TEST_F(Messages, GivenAQueueThatIsNotThere_WhenUsed_ThenItDoesNotExist) {
    const std::string error = "400 QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue;Sender";
    EXPECT_EQ(json("SendMessage", on("other", R"("MessageBody":"x")")).json_error(), error);
    EXPECT_EQ(json("ReceiveMessage", on("other")).json_error(), error);
    EXPECT_EQ(json("DeleteMessage", on("other", R"("ReceiptHandle":"x")")).json_error(), error);
    EXPECT_EQ(json("ReceiveMessage", R"({"QueueUrl":"http://queues.test/111111111111/orders"})").json_error(), error);
}

TEST_F(Messages, GivenAUrlThatIsNone_WhenUsed_ThenTheAddressIsInvalid) {
    for (const auto* url :
         {"orders", "http://queues.test", "http://queues.test/orders", "http://queues.test/1/2/3", "/"}) {
        EXPECT_EQ(json("ReceiveMessage", R"({"QueueUrl":")" + std::string(url) + "\"}").json_error(),
                  "400 InvalidAddress InvalidAddress;Sender")
            << url;
    }
}

TEST_F(Messages, GivenABodyThatAwsRefuses_WhenSent_ThenItIsRefused) {
    EXPECT_EQ(send_error(R"("MessageBody":"")"), "400 MissingRequiredParameterException MissingParameter;Sender");
    EXPECT_EQ(send_error(R"("MessageBody":"a\u0000")"), "400 InvalidMessageContents InvalidMessageContents;Sender");
    EXPECT_EQ(send_error(R"("MessageBody":"\ufffe")"), "400 InvalidMessageContents InvalidMessageContents;Sender");
    EXPECT_EQ(send_error(R"("MessageBody":")" + std::string(mebibyte + 1, 'x') + "\""), invalid_parameter);
}

TEST_F(Messages, GivenABodyOfExactlyOneMebibyte_WhenSent_ThenItIsTaken) {
    const auto sent = json("SendMessage", on("orders", R"("MessageBody":")" + std::string(mebibyte, 'x') + "\""));

    EXPECT_EQ(sent.status(), 200U) << sent.body().substr(0, 300);
}

TEST_F(Messages, GivenAQueueWithASmallerLimit_WhenALongerMessageIsSent_ThenTheLimitIsNamed) {
    create("small", R"({"MaximumMessageSize":"1024"})");

    const auto answer = json("SendMessage", on("small", R"("MessageBody":")" + std::string(1025, 'x') + "\""));

    EXPECT_EQ(answer.text({"message"}),
              "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.");
}

TEST_F(Messages, GivenAttributesThatMakeItTooLong_WhenSent_ThenTheyCount) {
    create("small", R"({"MaximumMessageSize":"1024"})");
    const auto members = R"("MessageBody":")" + std::string(1000, 'x') +
                         R"(","MessageAttributes":{"a":{"DataType":"String","StringValue":"012345678901234567890"}})";

    EXPECT_EQ(json("SendMessage", on("small", members)).json_error(), invalid_parameter);
}

TEST_F(Messages, GivenParametersOutOfRange_WhenSent_ThenTheyAreRefused) {
    EXPECT_EQ(send_error(R"("MessageBody":"x","DelaySeconds":901)"), invalid_parameter);
    EXPECT_EQ(send_error(R"("MessageBody":"x","DelaySeconds":-1)"), invalid_parameter);
    EXPECT_EQ(send_error(R"("MessageBody":"x","MessageDeduplicationId":"d")"), invalid_parameter);
    EXPECT_EQ(send_error(R"("MessageBody":"x","MessageGroupId":"a b")"), invalid_parameter);
    EXPECT_EQ(send_error(R"("MessageBody":"x","MessageAttributes":{"AWS.x":{"DataType":"String","StringValue":"x"}})"),
              invalid_parameter);
    EXPECT_EQ(send_error(R"("MessageBody":"x","MessageAttributes":{"x":{"DataType":"Binary","BinaryValue":"*"}})"),
              "400 SerializationException MalformedInput;Sender");
}

TEST_F(Messages, GivenAMessageWithEverything_WhenReceived_ThenItComesBackWhole) {
    const auto sent = json("SendMessage", on("orders", R"("MessageBody":"hello","MessageAttributes":{
        "a":{"DataType":"String","StringValue":"x"},"b":{"DataType":"Binary","BinaryValue":"AP8="}},
        "MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1-2-3"}},
        "MessageGroupId":"tenant")"));
    EXPECT_EQ(sent.text({"MD5OfMessageBody"}), "5d41402abc4b2a76b9719d911017c592");
    EXPECT_EQ(sent.text({"MD5OfMessageAttributes"}), "c4ec7d55335539420ccc7ec70efeb4a1");
    EXPECT_EQ(sent.text({"MD5OfMessageSystemAttributes"}).size(), 32U);
    EXPECT_EQ(sent.text({"SequenceNumber"}), "(none)");

    const auto received = json("ReceiveMessage", on("orders", R"("MessageSystemAttributeNames":["All"],
        "MessageAttributeNames":["All"])"));

    const auto text = [&](std::initializer_list<std::string_view> place) { return received.text(place); };
    EXPECT_EQ(text({"Messages", "0", "MessageId"}), sent.text({"MessageId"}));
    EXPECT_EQ(text({"Messages", "0", "Body"}), "hello");
    EXPECT_EQ(text({"Messages", "0", "MD5OfBody"}), sent.text({"MD5OfMessageBody"}));
    EXPECT_EQ(text({"Messages", "0", "MD5OfMessageAttributes"}), sent.text({"MD5OfMessageAttributes"}));
    EXPECT_EQ(text({"Messages", "0", "MessageAttributes", "b", "BinaryValue"}), "AP8=");
    EXPECT_EQ(text({"Messages", "0", "MessageAttributes", "b", "DataType"}), "Binary");
    EXPECT_EQ(text({"Messages", "0", "MessageAttributes", "b", "StringValue"}), "(none)");
    EXPECT_EQ(text({"Messages", "0", "Attributes", "ApproximateReceiveCount"}), "1");
    EXPECT_EQ(text({"Messages", "0", "Attributes", "AWSTraceHeader"}), "Root=1-2-3");
    EXPECT_EQ(text({"Messages", "0", "Attributes", "MessageGroupId"}), "tenant");
    EXPECT_EQ(text({"Messages", "0", "Attributes", "SenderId"}), "000000000000");
    EXPECT_EQ(text({"Messages", "0", "Attributes", "SentTimestamp"}),
              std::to_string(to_unix_ms(rig.loop().clock().wall())));
    EXPECT_EQ(text({"Messages", "0", "Attributes", "DeadLetterQueueSourceArn"}), "(none)");
}

TEST_F(Messages, GivenATraceHeaderOfTheRequest_WhenReceived_ThenMessagesWithoutTheirOwnHaveIt) {
    const auto trace_of = [&](const std::string& header, const std::string& entry) {
        auto request = json_request("SendMessageBatch", on("orders", R"("Entries":[{"Id":"a",)" + entry + "}]"));
        request.fields.emplace_back("X-Amzn-Trace-Id", header);
        EXPECT_EQ(send(std::move(request)).text({"Successful", "0", "Id"}), "a");
        return json("ReceiveMessage", on("orders", R"("AttributeNames":["AWSTraceHeader"])"))
            .text({"Messages", "0", "Attributes", "AWSTraceHeader"});
    };
    const std::string own =
        R"("MessageBody":"x","MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"own"}})";

    EXPECT_EQ(trace_of("Root=1-2-3", R"("MessageBody":"x")"), "Root=1-2-3");
    EXPECT_EQ(trace_of("Root=1-2-3", own), "own");
    EXPECT_EQ(trace_of(std::string(1025, 'x'), R"("MessageBody":"x")"), "(none)");
    EXPECT_EQ(trace_of("\xFF", R"("MessageBody":"x")"), "(none)");
}

TEST_F(Messages, GivenTheSameAsForm_WhenReceivedAsXml_ThenTheElementsAreThoseOfAws) {
    const auto sent = form(
        "Action=SendMessage&MessageBody=hello&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=String"
        "&MessageAttribute.1.Value.StringValue=x&MessageAttribute.2.Name=b&MessageAttribute.2.Value.DataType=Binary"
        "&MessageAttribute.2.Value.BinaryValue=AP8%3D&DelaySeconds=0",
        "/000000000000/orders");
    EXPECT_EQ(sent.element("MD5OfMessageAttributes"), "c4ec7d55335539420ccc7ec70efeb4a1");

    const auto received = form("Action=ReceiveMessage&AttributeName.1=ApproximateReceiveCount&MessageAttributeName.1=b",
                               "/000000000000/orders");

    EXPECT_NE(received.body().find("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>"),
              std::string::npos);
    EXPECT_NE(received.body().find("<MessageAttribute><Name>b</Name><Value><DataType>Binary</DataType>"
                                   "<BinaryValue>AP8=</BinaryValue></Value></MessageAttribute>"),
              std::string::npos)
        << received.body();
    EXPECT_EQ(received.body().find("<Name>a</Name>"), std::string::npos);
    EXPECT_EQ(received.element("Body"), "hello");
}

TEST_F(Messages, GivenParametersOutOfRange_WhenReceiving_ThenTheyAreRefused) {
    EXPECT_EQ(receive_error(R"("MaxNumberOfMessages":0)"), invalid_parameter);
    EXPECT_EQ(receive_error(R"("MaxNumberOfMessages":11)"), invalid_parameter);
    EXPECT_EQ(receive_error(R"("VisibilityTimeout":-1)"), invalid_parameter);
    EXPECT_EQ(receive_error(R"("VisibilityTimeout":43201)"), invalid_parameter);
    EXPECT_EQ(receive_error(R"("WaitTimeSeconds":21)"), invalid_parameter);
    EXPECT_EQ(receive_error(R"("AttributeNames":["Nothing"])"), "400 InvalidAttributeName InvalidAttributeName;Sender");
}

TEST_F(Messages, GivenVisibilityTimeoutZero_WhenReceived_ThenTheMessageStaysVisible) {
    send_body("orders", "x");
    json("ReceiveMessage", on("orders", R"("VisibilityTimeout":0)"));

    EXPECT_NE(receive_receipt("orders"), "(none)");
}

TEST_F(Messages, GivenALongPoll_WhenAMessageIsSent_ThenItIsAnsweredAtOnce) {
    std::vector<TestAnswer> answers;
    start(json_request("ReceiveMessage", on("orders", R"("WaitTimeSeconds":20)")), answers);
    EXPECT_TRUE(answers.empty());

    send_body("orders", "x");
    rig.loop().run_ready();

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].text({"Messages", "0", "Body"}), "x");
}

TEST_F(Messages, GivenTheQueuesOwnWaitTime_WhenNoneIsGiven_ThenItIsUsed) {
    create("waiting", R"({"ReceiveMessageWaitTimeSeconds":"5"})");
    std::vector<TestAnswer> answers;
    start(json_request("ReceiveMessage", on("waiting")), answers);
    rig.loop().advance(4s);
    EXPECT_TRUE(answers.empty());

    rig.loop().advance(1s);

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].body(), "{}");
}

TEST_F(Messages, GivenTheEndOfTheServer_WhenALongPollWaits_ThenItIsAnsweredEmpty) {
    std::vector<TestAnswer> answers;
    start(json_request("ReceiveMessage", on("orders", R"("WaitTimeSeconds":20)")), answers);

    handler().end_long_polls();
    rig.loop().run_ready();

    ASSERT_EQ(answers.size(), 1U);
    EXPECT_EQ(answers[0].body(), "{}");
}

TEST_F(Messages, GivenReceiptsThatWereNeverGiven_WhenUsed_ThenTheyAreInvalid) {
    EXPECT_EQ(json("DeleteMessage", on("orders", R"("ReceiptHandle":"x")")).json_error(),
              "400 ReceiptHandleIsInvalid ReceiptHandleIsInvalid;Sender");
    EXPECT_EQ(
        json("ChangeMessageVisibility", on("orders", R"("ReceiptHandle":"x","VisibilityTimeout":1)")).json_error(),
        "400 ReceiptHandleIsInvalid ReceiptHandleIsInvalid;Sender");
    EXPECT_EQ(form("Action=DeleteMessage&ReceiptHandle=x", "/000000000000/orders").xml_error(),
              "404 ReceiptHandleIsInvalid Sender");
}

TEST_F(Messages, GivenADeletedMessage_WhenDeletedAgain_ThenItSucceeds) {
    send_body("orders", "x");
    const auto members = R"("ReceiptHandle":")" + receive_receipt("orders") + "\"";
    EXPECT_EQ(json("DeleteMessage", on("orders", members)).status(), 200U);

    EXPECT_EQ(json("DeleteMessage", on("orders", members)).status(), 200U);
    EXPECT_EQ(json("ChangeMessageVisibility", on("orders", members + R"(,"VisibilityTimeout":1)")).json_error(),
              "400 MessageNotInflight AWS.SimpleQueueService.MessageNotInflight;Sender");
}

TEST_F(Messages, GivenVisibilityOutOfRange_WhenChanged_ThenItIsRefused) {
    send_body("orders", "x");
    const auto members = R"("ReceiptHandle":")" + receive_receipt("orders") + R"(","VisibilityTimeout":)";

    EXPECT_EQ(json("ChangeMessageVisibility", on("orders", members + "43201")).json_error(), invalid_parameter);
    EXPECT_EQ(json("ChangeMessageVisibility", on("orders", members + "-1")).json_error(), invalid_parameter);
    EXPECT_EQ(json("ChangeMessageVisibility", on("orders", members + "0")).status(), 200U);
    EXPECT_NE(receive_receipt("orders"), "(none)");
}

TEST_F(Messages, GivenBatchesThatAwsRefusesWhole_WhenSent_ThenNothingIsSent) {
    const std::string entry = R"({"Id":"a","MessageBody":"x"})";
    EXPECT_EQ(batch("SendMessageBatch", "").json_error(),
              "400 EmptyBatchRequest AWS.SimpleQueueService.EmptyBatchRequest;Sender");
    EXPECT_EQ(batch("SendMessageBatch", entry + "," + entry).json_error(),
              "400 BatchEntryIdsNotDistinct AWS.SimpleQueueService.BatchEntryIdsNotDistinct;Sender");
    EXPECT_EQ(batch("SendMessageBatch", R"({"Id":"a.b","MessageBody":"x"})").json_error(),
              "400 InvalidBatchEntryId AWS.SimpleQueueService.InvalidBatchEntryId;Sender");
    EXPECT_EQ(batch("SendMessageBatch", R"({"Id":")" + std::string(81, 'a') + R"(","MessageBody":"x"})").json_error(),
              "400 InvalidBatchEntryId AWS.SimpleQueueService.InvalidBatchEntryId;Sender");
    std::string eleven;
    for (int i = 0; i < 11; ++i) {
        eleven += (i > 0 ? "," : "") + (R"({"Id":"i)" + std::to_string(i)) + R"(","MessageBody":"x"})";
    }
    EXPECT_EQ(batch("SendMessageBatch", eleven).json_error(),
              "400 TooManyEntriesInBatchRequest AWS.SimpleQueueService.TooManyEntriesInBatchRequest;Sender");
    const std::string half(mebibyte / 2 + 1, 'x');
    EXPECT_EQ(batch("SendMessageBatch",
                    R"({"Id":"a","MessageBody":")" + half + R"("},{"Id":"b","MessageBody":")" + half + "\"}")
                  .json_error(),
              "400 BatchRequestTooLong AWS.SimpleQueueService.BatchRequestTooLong;Sender");
    EXPECT_EQ(receive_receipt("orders"), "(none)");
}

TEST_F(Messages, GivenOneBadEntry_WhenABatchIsSent_ThenOnlyThatOneFails) {
    const auto answer = batch("SendMessageBatch", R"({"Id":"good","MessageBody":"x"},
        {"Id":"late","MessageBody":"x","DelaySeconds":901},{"Id":"zero","MessageBody":"\u0000"})");

    EXPECT_EQ(answer.status(), 200U);
    EXPECT_EQ(answer.text({"Successful", "0", "Id"}), "good");
    EXPECT_EQ(answer.text({"Successful", "0", "MD5OfMessageBody"}), crypto::md5_hex("x"));
    EXPECT_EQ(answer.text({"Successful", "1", "Id"}), "(none)");
    EXPECT_EQ(answer.text({"Failed", "0", "Id"}), "late");
    EXPECT_EQ(answer.text({"Failed", "0", "Code"}), "InvalidParameterValue");
    EXPECT_EQ(answer.text({"Failed", "0", "SenderFault"}), "true");
    EXPECT_EQ(answer.text({"Failed", "1", "Code"}), "InvalidMessageContents");
}

TEST_F(Messages, GivenDeletesAndChangesInBatches_WhenOneReceiptIsBad_ThenTheOthersSucceed) {
    send_body("orders", "x");
    const auto good = R"({"Id":"good","ReceiptHandle":")" + receive_receipt("orders") + R"(","VisibilityTimeout":60})";
    const std::string bad = R"({"Id":"bad","ReceiptHandle":"x","VisibilityTimeout":60})";
    const std::string late = R"({"Id":"late","ReceiptHandle":"x","VisibilityTimeout":43201})";

    const auto changed = batch("ChangeMessageVisibilityBatch", good + "," + bad + "," + late);
    EXPECT_EQ(changed.text({"Successful", "0", "Id"}), "good");
    EXPECT_EQ(changed.text({"Failed", "0", "Code"}), "ReceiptHandleIsInvalid");
    EXPECT_EQ(changed.text({"Failed", "1", "Code"}), "InvalidParameterValue");

    const auto deleted = batch("DeleteMessageBatch", good + "," + bad);
    EXPECT_EQ(deleted.text({"Successful", "0", "Id"}), "good");
    EXPECT_EQ(deleted.text({"Failed", "0", "Id"}), "bad");
    EXPECT_EQ(deleted.text({"Failed", "0", "Code"}), "ReceiptHandleIsInvalid");
}

TEST_F(Messages, GivenSpentReceives_WhenReadInTheDeadLetterQueue_ThenTheSourceIsNamed) {
    create("dead");
    create("fragile", R"({"VisibilityTimeout":"0","RedrivePolicy":"{\"deadLetterTargetArn\":)"
                      R"(\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1}"})");
    send_body("fragile", "x");
    EXPECT_NE(receive_receipt("fragile"), "(none)");
    EXPECT_EQ(receive_receipt("fragile"), "(none)");

    const auto received = json("ReceiveMessage", on("dead", R"("AttributeNames":["DeadLetterQueueSourceArn"])"));

    EXPECT_EQ(received.text({"Messages", "0", "Attributes", "DeadLetterQueueSourceArn"}),
              "arn:aws:sqs:us-east-1:000000000000:fragile");
}

}  // namespace
}  // namespace orderflow::sqs
