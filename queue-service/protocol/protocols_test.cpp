// What the two protocols have in common with Amazon SQS before an action begins: routing, envelopes, errors.
#include <array>

#include "queue-service/protocol/sqs_rig_test.hpp"
#include "queue-service/protocol/wire_limits.hpp"

namespace orderflow::sqs {
namespace {

TEST(Actions, GivenTheTable_WhenSearched_ThenAll23AreFound) {
    EXPECT_EQ(actions().size(), 23U);
    for (const auto& action : actions()) EXPECT_EQ(find_action(action.name), &action);
    EXPECT_EQ(find_action("sendMessage"), nullptr);
    EXPECT_EQ(find_action(""), nullptr);
}

using Protocols = SqsTest;

TEST(LongPolls, GivenRequestsOfBothProtocols_WhenSeenFromTheHead_ThenThoseThatMayBeOneAreKnown) {
    const auto of = [](std::string_view target) {
        const std::array fields = {net::Field{"x-amz-target", target}};
        return may_wait_long({.method = net::Method::post, .fields = fields});
    };
    EXPECT_TRUE(of("AmazonSQS.ReceiveMessage"));
    EXPECT_FALSE(of("AmazonSQS.SendMessage"));
    EXPECT_FALSE(of("AmazonSQS.DeleteMessageBatch"));
    EXPECT_FALSE(of(""));
    EXPECT_TRUE(may_wait_long({.method = net::Method::post})) << "the action of the query protocol is in the body";
}

TEST_F(Protocols, GivenAnUnknownAction_WhenAsked_ThenBothProtocolsSaySo) {
    EXPECT_EQ(json("Explode", "{}").json_error(), "400 UnknownOperationException InvalidAction;Sender");
    EXPECT_EQ(form("Action=Explode").xml_error(), "400 InvalidAction Sender");
    EXPECT_EQ(form("Version=2012-11-05").xml_error(), "400 MissingAction Sender");
}

TEST_F(Protocols, GivenAForeignTarget_WhenAsked_ThenItIsUnknown) {
    auto request = json_request("ListQueues", "{}");
    request.fields[2].second = "DynamoDB_20120810.ListTables";

    EXPECT_EQ(send(std::move(request)).json_error(), "400 UnknownOperationException InvalidAction;Sender");
}

TEST_F(Protocols, GivenBodiesThatAreNoJsonObject_WhenAsked_ThenTheyAreRefused) {
    for (const auto* body : {"[]", "null", "{", "\"x\"", R"({"QueueName":"a","QueueName":"b"})", "{\"a\":\"\xFF\"}"}) {
        EXPECT_EQ(json("ListQueues", body).json_error(), "400 SerializationException MalformedInput;Sender") << body;
    }
    EXPECT_EQ(json("ListQueues", std::string(40, '[') + std::string(40, ']')).status(), 400U);
}

TEST_F(Protocols, GivenMembersOfAnotherType_WhenAsked_ThenTheyAreRefused) {
    create("orders");
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":5})").json_error(),
              "400 SerializationException MalformedInput;Sender");
    EXPECT_EQ(json("ReceiveMessage", on("orders", R"("MaxNumberOfMessages":"1")")).json_error(),
              "400 SerializationException MalformedInput;Sender");
    EXPECT_EQ(json("ReceiveMessage", on("orders", R"("MaxNumberOfMessages":1.5)")).json_error(),
              "400 SerializationException MalformedInput;Sender");
    EXPECT_EQ(json("ReceiveMessage", on("orders", R"("AttributeNames":"All")")).json_error(),
              "400 SerializationException MalformedInput;Sender");
    EXPECT_EQ(form("Action=ReceiveMessage&MaxNumberOfMessages=x&QueueUrl=" + url("orders")).xml_error(),
              "400 MalformedInput Sender");
}

TEST_F(Protocols, GivenFormsThatAreMalformed_WhenAsked_ThenTheyAreRefused) {
    EXPECT_EQ(form("Action=ListQueues&a=%4").xml_error(), "400 MalformedInput Sender");
    EXPECT_EQ(form("Action=ListQueues&a=%FF").xml_error(), "400 MalformedInput Sender");
    EXPECT_EQ(form("Action=ListQueues&Action=ListQueues").xml_error(), "400 MalformedInput Sender");
    std::string many = "Action=ListQueues";
    for (std::size_t i = 0; i <= limits::form_parameters_max; ++i) many += "&p" + std::to_string(i) + "=1";
    EXPECT_EQ(form(many).xml_error(), "400 MalformedInput Sender");
}

TEST_F(Protocols, GivenMissingParameters_WhenAsked_ThenTheyAreNamed) {
    EXPECT_EQ(json("CreateQueue", "{}").text({"message"}), "The request must contain the parameter QueueName.");
    EXPECT_EQ(json("CreateQueue", "{}").json_error(), "400 MissingRequiredParameterException MissingParameter;Sender");
    EXPECT_EQ(json("CreateQueue", R"({"QueueName":null})").status(), 400U);
    EXPECT_EQ(json("SendMessage", R"({"MessageBody":"x"})").text({"message"}),
              "The request must contain the parameter QueueUrl.");
    EXPECT_EQ(form("Action=CreateQueue").xml_error(), "400 MissingParameter Sender");
    EXPECT_EQ(form("Action=CreateQueue").element("Message"), "The request must contain the parameter QueueName.");
}

TEST_F(Protocols, GivenAnError_WhenAnswered_ThenTypeCodeAndRequestIdAreThoseOfAws) {
    const auto answer = json("GetQueueUrl", R"({"QueueName":"nothing"})");
    EXPECT_EQ(answer.status(), 400U);
    EXPECT_EQ(answer.field("Content-Type"), "application/x-amz-json-1.0");
    EXPECT_EQ(answer.field("x-amzn-query-error"), "AWS.SimpleQueueService.NonExistentQueue;Sender");
    EXPECT_EQ(answer.text({"__type"}), "com.amazonaws.sqs#QueueDoesNotExist");
    EXPECT_EQ(answer.field("x-amzn-RequestId").size(), 36U);

    const auto xml = form("Action=GetQueueUrl&QueueName=nothing");
    EXPECT_EQ(xml.status(), 400U);
    EXPECT_EQ(xml.field("Content-Type"), "text/xml");
    EXPECT_EQ(xml.body(),
              "<?xml version=\"1.0\"?><ErrorResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">"
              "<Error><Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>"
              "<Message>The specified queue does not exist.</Message><Detail/></Error><RequestId>" +
                  xml.field("x-amzn-RequestId") + "</RequestId></ErrorResponse>");
}

TEST_F(Protocols, GivenAnAnswer_WhenWrittenAsXml_ThenItsEnvelopeIsThatOfAws) {
    const auto created = form("Action=CreateQueue&QueueName=orders");
    EXPECT_EQ(created.body(),
              "<?xml version=\"1.0\"?><CreateQueueResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\">"
              "<CreateQueueResult><QueueUrl>http://localhost:9324/000000000000/orders</QueueUrl></CreateQueueResult>"
              "<ResponseMetadata><RequestId>" +
                  created.field("x-amzn-RequestId") + "</RequestId></ResponseMetadata></CreateQueueResponse>");

    const auto purged = form("Action=PurgeQueue", "/000000000000/orders");
    EXPECT_EQ(purged.status(), 200U);
    EXPECT_EQ(purged.body().find("PurgeQueueResult"), std::string::npos);
}

TEST_F(Protocols, GivenNothingToSay_WhenAnsweredAsJson_ThenTheBodyIsEmpty) {
    create("orders");

    EXPECT_EQ(json("PurgeQueue", on("orders")).body(), "");
    EXPECT_EQ(json("ReceiveMessage", on("orders")).body(), "{}");
}

TEST_F(Protocols, GivenTheSameActionByGetAndPost_OnTheRootAndOnTheQueue_WhenAsked_ThenAllAreServed) {
    create("orders");
    const std::string ask = "Action=GetQueueAttributes&AttributeName.1=QueueArn";
    const std::string arn = "arn:aws:sqs:us-east-1:000000000000:orders";
    const auto get = [&](std::string path, std::string query) {
        auto request = form_request("", std::move(path));
        request.method = net::Method::get;
        request.query = std::move(query);
        return send(std::move(request)).element("Value");
    };

    EXPECT_EQ(form(ask, "/000000000000/orders").element("Value"), arn);
    EXPECT_EQ(form(ask + "&QueueUrl=http%3A%2F%2Felsewhere%2F000000000000%2Forders").element("Value"), arn);
    EXPECT_EQ(get("/000000000000/orders", ask), arn);
    EXPECT_EQ(get("/000000000000/orders/", ask), arn);
    EXPECT_EQ(get("/", ask + "&QueueUrl=" + url("orders")), arn);
    auto on_path = json_request("GetQueueAttributes", R"({"AttributeNames":["QueueArn"]})");
    on_path.path = "/000000000000/orders";
    EXPECT_EQ(send(std::move(on_path)).text({"Attributes", "QueueArn"}), arn);
}

TEST_F(Protocols, GivenHead_WhenAskedForAnAction_ThenItHasNoEffect) {
    auto request = form_request("");
    request.method = net::Method::head;
    request.query = "Action=CreateQueue&QueueName=orders";

    EXPECT_EQ(send(std::move(request)).status(), 400U);
    EXPECT_EQ(json("GetQueueUrl", R"({"QueueName":"orders"})").status(), 400U);
}

TEST_F(Protocols, GivenTextWithMarkup_WhenReceivedAsXml_ThenItIsEscaped) {
    create("orders");
    EXPECT_EQ(form("Action=SendMessage&MessageBody=%3Ca%20b%3D%22c%22%3E%26%0D%0A", "/000000000000/orders").status(),
              200U);

    const auto received = form("Action=ReceiveMessage", "/000000000000/orders");

    EXPECT_EQ(received.element("Body"), "&lt;a b=&quot;c&quot;&gt;&amp;&#xD;\n");
}

TEST_F(Protocols, GivenAProxyThatEndsTls_WhenAQueueIsCreated_ThenItsUrlIsHttps) {
    auto request = json_request("CreateQueue", R"({"QueueName":"orders"})");
    request.fields.emplace_back("X-Forwarded-Proto", "https");

    EXPECT_EQ(send(std::move(request)).text({"QueueUrl"}), "https://localhost:9324/000000000000/orders");
}

TEST_F(Protocols, GivenTenEntriesOrMore_WhenSentAsForm_ThenTheyKeepTheirOrder) {
    create("orders");
    std::string body = "Action=SendMessageBatch";
    for (const int i : {10, 2, 1, 3, 4, 5, 6, 7, 8, 9}) {
        const auto entry = "&SendMessageBatchRequestEntry." + std::to_string(i);
        body += entry + ".Id=m" + std::to_string(i) + entry + ".MessageBody=b";
    }

    const auto sent = form(body, "/000000000000/orders");

    EXPECT_EQ(sent.element("Id"), "m1");
    EXPECT_LT(sent.body().find("<Id>m2<"), sent.body().find("<Id>m10<"));
}

}  // namespace
}  // namespace orderflow::sqs
