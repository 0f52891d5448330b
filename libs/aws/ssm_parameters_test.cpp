#include "libs/aws/ssm_parameters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/aws/scripted_transport_test.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using Line = ScriptedTransport::Line;

constexpr auto secret = "postgresql://worker:top-secret@db/orders";

task<Result<Credentials>> some_credentials(Instant) {
    Credentials credentials;
    credentials.access_key_id = "AKIDEXAMPLE";
    credentials.secret_access_key = "wJalrXUtnFEMI";
    credentials.session_token = "of-a-role";
    co_return credentials;
}

class Parameters : public ::testing::Test {
  protected:
    static Line refusal(int status, const std::string& type, const std::string& message) {
        return {HttpReply{status, {}, R"({"__type":")" + type + R"(","message":")" + message + R"("})"}, {}};
    }
    static std::string answer(const std::string& name, const std::string& value) {
        return R"({"InvalidParameters":[],"Parameters":[{"ARN":"arn","DataType":"text","Name":")" + name +
               R"(","Type":"SecureString","Value":")" + value + R"(","Version":1}]})";
    }
    Result<std::map<std::string, std::string>> get(std::vector<std::string> names = {"/orderflow/url"}) {
        return loop.run(parameters.get(std::move(names), loop.clock().now() + 5s));
    }

    SimLoop loop;
    ScriptedTransport transport{loop};
    SeededEntropy entropy{1};
    SsmParameters parameters{{transport, some_credentials, loop, loop.clock(), entropy},
                             SsmEndpoint::resolve({{"AWS_REGION", "eu-west-1"}}).value()};
};

TEST_F(Parameters, GivenOneThatDoesNotExist_WhenAsked_ThenItIsNamed_AndNoValueOfAnother) {
    transport.script.push_back(ScriptedTransport::ok(answer("/orderflow/url", secret)));
    const auto values = get({"/orderflow/url", "/orderflow/payment-secret"});
    EXPECT_EQ(values.error().code(), "ssm.parameter_missing");
    EXPECT_EQ(values.error().kind(), ErrorKind::not_found);
    EXPECT_THAT(values.error().detail(), HasSubstr("/orderflow/payment-secret"));
    EXPECT_THAT(values.error().detail(), Not(HasSubstr("/orderflow/url")));
    EXPECT_THAT(values.error().detail(), Not(HasSubstr("top-secret")));
}

TEST_F(Parameters, GivenARoleThatMayNot_WhenAsked_ThenAwsSaysWhy_AndNobodyAsksAgain) {
    transport.script.push_back(refusal(400, "AccessDeniedException", "User: arn is not authorized on /orderflow/url"));
    const auto values = get();
    EXPECT_EQ(values.error().code(), "ssm.unauthorized");
    EXPECT_THAT(values.error().detail(), HasSubstr("not authorized on /orderflow/url"));
    EXPECT_EQ(transport.asked.size(), 1U);
}

TEST_F(Parameters, GivenAQuestionThatAwsRefuses_WhenAsked_ThenItIsNotRepeated) {
    transport.script.push_back(refusal(400, "ValidationException", "names"));
    EXPECT_EQ(get().error().code(), "ssm.refused");
    transport.script.push_back({HttpReply{404, {}, "<html>"}, {}});
    EXPECT_EQ(get().error().detail(), "HTTP status 404");
    EXPECT_EQ(transport.asked.size(), 2U);
}

TEST_F(Parameters, GivenAServiceThatStumbles_WhenAsked_ThenItIsAskedAgain) {
    transport.script = {refusal(400, "ThrottlingException", "Rate exceeded"), refusal(500, "InternalServerError", ""),
                        ScriptedTransport::broken("http.connect"),
                        ScriptedTransport::ok(answer("/orderflow/url", secret))};
    const auto values = get();
    ASSERT_TRUE(values) << values.error().detail();
    EXPECT_EQ(values->at("/orderflow/url"), secret);
    EXPECT_EQ(transport.asked.size(), 4U);
}

TEST_F(Parameters, GivenAKeyThatTheRoleMayNotSee_ThenItIsTheRolesMatter) {
    transport.script.push_back(refusal(400, "InvalidKeyId", "no such key"));
    EXPECT_EQ(get().error().code(), "ssm.unauthorized");
}

TEST_F(Parameters, GivenNobodyAnswers_WhenTheDeadlineComes_ThenItEnds) {
    const auto before = loop.clock().now();
    transport.answer = [](const HttpAsk&) { return ScriptedTransport::silence(); };
    EXPECT_EQ(get().error().code(), "ssm.outcome_unknown");
    EXPECT_LE(loop.clock().now() - before, 5s);
}

TEST_F(Parameters, GivenAnAnswerThatIsNone_WhenRead_ThenNothingIsKnown) {
    for (const std::string text : {"", "[]", "{}", R"({"Parameters":7})"}) {
        EXPECT_EQ(read_parameters(text, {"a"}).error().code(), "ssm.outcome_unknown") << text;
    }
    EXPECT_EQ(read_parameters(R"({"Parameters":[7,{},{"Name":"a"},{"Name":"a","Value":""}]})", {"a"}).error().code(),
              "ssm.parameter_missing");
}

TEST_F(Parameters, GivenTheQuestion_WhenSent_ThenItIsSignedForTheRegion_AndAsksForWhatIsDecrypted) {
    transport.script.push_back(ScriptedTransport::ok(answer("/orderflow/url", secret)));
    ASSERT_TRUE(get());
    const auto& ask = transport.asked.front();
    EXPECT_EQ(ask.method, "POST");
    EXPECT_EQ(ask.url.scheme, HttpScheme::https);
    EXPECT_EQ(ask.url.host, "ssm.eu-west-1.amazonaws.com");
    EXPECT_EQ(ask.body, R"({"Names":["/orderflow/url"],"WithDecryption":true})");
    std::string headers;
    for (const auto& one : ask.headers) headers += one.name + ": " + one.value + "\n";
    EXPECT_THAT(headers, HasSubstr("X-Amz-Target: AmazonSSM.GetParameters\n"));
    EXPECT_THAT(headers, HasSubstr("Content-Type: application/x-amz-json-1.1\n"));
    EXPECT_THAT(headers, HasSubstr("/eu-west-1/ssm/aws4_request"));
    EXPECT_THAT(headers, HasSubstr("X-Amz-Security-Token: of-a-role\n"));
}

TEST(SsmEndpoint, GivenAnEnvironment_WhenResolved_ThenItIsTheRegionsOwn_OrWhatWasSaid) {
    const auto host = [](const Environment& environment) {
        const auto found = SsmEndpoint::resolve(environment);
        return found ? found->url.origin() : found.error().code();
    };
    EXPECT_EQ(host({}), "ssm.region_missing");
    EXPECT_EQ(host({{"AWS_REGION", "a b"}}), "ssm.endpoint_invalid");
    EXPECT_EQ(host({{"AWS_REGION", "eu-west-1"}, {"AWS_ENDPOINT_URL_SSM", "ftp://x"}}), "ssm.endpoint_invalid");
    EXPECT_EQ(host({{"AWS_DEFAULT_REGION", "cn-north-1"}}), "https://ssm.cn-north-1.amazonaws.com.cn:443");
    EXPECT_EQ(host({{"AWS_REGION", "eu-west-1"},
                    {"AWS_ENDPOINT_URL", "http://127.0.0.1:1"},
                    {"AWS_ENDPOINT_URL_SSM", "http://127.0.0.1:2"}}),
              "http://127.0.0.1:2");
}

}  // namespace
}  // namespace orderflow::aws
