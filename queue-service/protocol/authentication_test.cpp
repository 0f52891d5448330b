#include "libs/aws/sigv4_signer.hpp"
#include "libs/crypto/hex.hpp"
#include "queue-service/protocol/sqs_rig_test.hpp"

namespace orderflow::sqs {
namespace {

using Loopback = SqsTest;

TEST_F(Loopback, GivenAnotherMachine_WhenItAsks_ThenAccessIsDenied) {
    for (const auto* peer : {"10.0.0.1", "::2", "::ffff:10.0.0.1", "128.0.0.1", ""}) {
        auto request = json_request("ListQueues", "{}");
        request.peer = peer;
        EXPECT_EQ(send(std::move(request)).json_error(), "403 AccessDeniedException AccessDenied;Sender") << peer;
    }
}

TEST_F(Loopback, GivenAPageInABrowser_WhenItAsks_ThenAccessIsDenied) {
    auto with_origin = form_request("Action=ListQueues");
    with_origin.fields.emplace_back("Origin", "https://example.com");
    EXPECT_EQ(send(std::move(with_origin)).xml_error(), "403 AccessDenied Sender");

    auto image = form_request("");
    image.method = net::Method::get;
    image.query = "Action=ListQueues";
    image.fields.emplace_back("Sec-Fetch-Site", "cross-site");
    EXPECT_EQ(send(std::move(image)).xml_error(), "403 AccessDenied Sender");
}

// A browser says neither Origin nor Sec-Fetch-Site when an image of a page without TLS is of the page's own name.
TEST_F(Loopback, GivenANameThatIsNotThisMachines_OrAProxy_WhenItAsks_ThenAccessIsDenied) {
    const auto asked = [this](const std::string& name, const std::string& value) {
        auto request = form_request("");
        request.method = net::Method::get;
        request.query = "Action=PurgeQueue&QueueUrl=http%3A%2F%2Fx%2F000000000000%2Forders";
        std::erase_if(request.fields, [&](const auto& field) { return field.first == name; });
        request.fields.emplace_back(name, value);
        return send(std::move(request)).xml_error();
    };
    for (const auto* host : {"evil.example:9324", "127.evil.example", "localhost.evil.example", "192.0.2.1"}) {
        EXPECT_EQ(asked("Host", host), "403 AccessDenied Sender") << host;
    }
    EXPECT_EQ(asked("X-Forwarded-For", "192.0.2.1"), "403 AccessDenied Sender");
    for (const auto* host : {"localhost", "LOCALHOST:9324", "127.0.0.1:9324", "[::1]:9324"}) {
        EXPECT_EQ(asked("Host", host).find("AccessDenied"), std::string::npos) << host;
    }
}

TEST_F(Loopback, GivenSignaturesOfTwoRegions_WhenTheyCreateOneName_ThenTheQueuesAreTwo) {
    const auto in_region = [](TestRequest request, const std::string& region) {
        request.fields.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=any/20260101/" + region +
                                                         "/sqs/aws4_request, SignedHeaders=host, Signature=00");
        return request;
    };
    const auto create_body = R"({"QueueName":"orders"})";
    ASSERT_EQ(send(in_region(json_request("CreateQueue", create_body), "eu-west-1")).status(), 200U);

    EXPECT_EQ(json("GetQueueUrl", create_body).status(), 400U);
    EXPECT_EQ(send(in_region(json_request("GetQueueUrl", create_body), "eu-west-1")).status(), 200U);
    EXPECT_EQ(
        send(in_region(json_request("GetQueueAttributes", on("orders", R"("AttributeNames":["All"])")), "eu-west-1"))
            .text({"Attributes", "QueueArn"}),
        "arn:aws:sqs:eu-west-1:000000000000:orders");
}

// A server that knows one key pair.
class Signed : public SqsTest {
  protected:
    Signed() : signed_only_({credentials_}, rig.loop().clock()), directory_(rig.queues()) {}

    aws::RequestView view(const TestRequest& request) {
        headers_.clear();
        for (const auto& [name, value] : request.fields) headers_.push_back({.name = name, .value = value});
        payload_ = crypto::to_hex(crypto::sha256(request.body));
        return {.method = request.method == net::Method::get ? "GET" : "POST",
                .path = request.path,
                .query = request.query,
                .headers = headers_,
                .payload_sha256 = payload_};
    }
    TestRequest signed_request(TestRequest request, const aws::Credentials& by) {
        auto added = aws::Signer("eu-west-1", "sqs").headers(view(request), by, rig.loop().clock().wall());
        for (auto& header : added.value()) request.fields.emplace_back(header.name, header.value);
        return request;
    }
    TestAnswer ask(TestRequest request) {
        request.peer = "10.0.0.1";
        return {rig.run(dispatch(std::move(request)))};
    }
    task<net::Response> dispatch(TestRequest test) {
        std::vector<net::Field> fields;
        for (const auto& [name, value] : test.fields) fields.push_back({name, value});
        net::Request request;
        request.method = test.method;
        request.path = test.path;
        request.query = test.query;
        request.fields = fields;
        request.body = test.body;
        request.peer = test.peer;
        co_return co_await handler_(request);
    }

    const aws::Credentials credentials_{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "wJalrXUtnFEMI"};
    SignedOnly signed_only_;

  private:
    std::vector<aws::HeaderView> headers_;
    std::string payload_;
    SeededEntropy entropy_{6};
    QueueDirectory directory_;
    SqsHandler handler_{directory_, signed_only_, entropy_, "000000000000"};
};

TEST_F(Signed, GivenNoSignature_WhenAsked_ThenTheTokenIsMissing) {
    EXPECT_EQ(ask(json_request("ListQueues", "{}")).json_error(),
              "403 MissingAuthenticationTokenException MissingAuthenticationToken;Sender");
    EXPECT_EQ(ask(form_request("Action=ListQueues")).xml_error(), "403 MissingAuthenticationToken Sender");
}

TEST_F(Signed, GivenHalfASignature_WhenAsked_ThenItIsIncomplete) {
    auto request = json_request("ListQueues", "{}");
    request.fields.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE");

    EXPECT_EQ(ask(std::move(request)).json_error(), "403 IncompleteSignatureException IncompleteSignature;Sender");
}

TEST_F(Signed, GivenAnUnknownKey_WhenAsked_ThenTheClientIsUnknown) {
    auto request = signed_request(json_request("ListQueues", "{}"),
                                  {.access_key_id = "AKIDOTHER", .secret_access_key = "wJalrXUtnFEMI"});

    EXPECT_EQ(ask(std::move(request)).json_error(), "403 UnrecognizedClientException InvalidClientTokenId;Sender");
}

TEST_F(Signed, GivenAnotherSecretOrBody_WhenAsked_ThenTheSignatureDoesNotMatch) {
    auto wrong_secret = signed_request(json_request("ListQueues", "{}"),
                                       {.access_key_id = "AKIDEXAMPLE", .secret_access_key = "guessed"});
    EXPECT_EQ(ask(std::move(wrong_secret)).json_error(), "403 InvalidSignatureException SignatureDoesNotMatch;Sender");

    auto changed = signed_request(json_request("ListQueues", "{}"), credentials_);
    changed.body = R"({"QueueNamePrefix":"a"})";
    EXPECT_EQ(ask(std::move(changed)).json_error(), "403 InvalidSignatureException SignatureDoesNotMatch;Sender");
}

TEST_F(Signed, GivenASignatureOfTwentyMinutesAgo_WhenAsked_ThenItIsRefused) {
    auto request = signed_request(json_request("ListQueues", "{}"), credentials_);
    rig.loop().advance(20min);

    EXPECT_EQ(ask(std::move(request)).json_error(), "403 InvalidSignatureException SignatureDoesNotMatch;Sender");
}

TEST_F(Signed, GivenTheRightSignature_WhenAskedFromAnywhere_ThenItIsServedInItsRegion) {
    const auto created = ask(signed_request(json_request("CreateQueue", R"({"QueueName":"orders"})"), credentials_));
    EXPECT_EQ(created.status(), 200U) << created.body();

    const auto attributes = ask(signed_request(
        form_request("Action=GetQueueAttributes&AttributeName.1=QueueArn", "/000000000000/orders"), credentials_));
    EXPECT_EQ(attributes.element("Value"), "arn:aws:sqs:eu-west-1:000000000000:orders");
}

TEST_F(Signed, GivenAPresignedUrl_WhenAsked_ThenItIsServedUntilItExpires) {
    TestRequest request{.method = net::Method::get, .query = "Action=ListQueues"};
    request.fields = {{"Host", "localhost:9324"}};
    request.query = aws::Signer("eu-west-1", "sqs")
                        .presigned_query(view(request), credentials_, rig.loop().clock().wall(), 60s)
                        .value();
    EXPECT_EQ(ask(request).status(), 200U);

    rig.loop().advance(61s);

    EXPECT_EQ(ask(request).xml_error(), "400 RequestExpired Sender");
}

}  // namespace
}  // namespace orderflow::sqs
