#include "libs/aws/lambda_runtime.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "libs/aws/scripted_transport_test.hpp"
#include "libs/testing/sim_loop.hpp"

namespace orderflow::aws {
namespace {

using testing::HasSubstr;
using Line = ScriptedTransport::Line;

class Runtime : public ::testing::Test {
  protected:
    static Line invocation(HttpHeaders headers, BootClock::duration after = {}) {
        return {HttpReply{.status = 200, .headers = std::move(headers), .body = "{}"}, after};
    }
    static Line status(int code) { return {HttpReply{.status = code, .headers = {}, .body = {}}, {}}; }
    std::string deadline_in(std::chrono::milliseconds time) {
        return std::to_string(to_unix_ms(loop.clock().wall() + time));
    }

    SimLoop loop;
    ScriptedTransport transport{loop};
    LambdaRuntime api = LambdaRuntime::at("127.0.0.1:9001", {transport, loop, loop.clock()}).value();
};

TEST_F(Runtime, GivenNoHostAndPort_WhenMade_ThenItSaysWhoSetsIt) {
    for (const std::string wrong : {"", "http://127.0.0.1:9001", "127.0.0.1:99999", "127.0.0.1/path", "a b"}) {
        const auto made = LambdaRuntime::at(wrong, {transport, loop, loop.clock()});
        ASSERT_FALSE(made) << wrong;
        EXPECT_EQ(made.error().code(), "lambda.api_invalid");
    }
}

TEST_F(Runtime, GivenAConnectionThatFailsAgainAndAgain_WhenAskedForTheNext_ThenItIsTheEnd) {
    for (int i = 0; i < 3; ++i) transport.script.push_back(ScriptedTransport::broken("http.connect"));
    const auto next = loop.run(api.next());
    EXPECT_EQ(next.error().code(), "lambda.api_down");
    EXPECT_EQ(transport.asked.size(), 3U);
}

TEST_F(Runtime, GivenAnswersThatAreNoInvocation_WhenAskedForTheNext_ThenItIsTheEnd) {
    transport.script.push_back(status(500));
    EXPECT_EQ(loop.run(api.next()).error().code(), "lambda.api_refused");
    for (const std::string id : {"", "../init/error", "a b", "a\r\nb"}) {
        transport.script.push_back(invocation({{"Lambda-Runtime-Aws-Request-Id", id}}));
        EXPECT_EQ(loop.run(api.next()).error().code(), "lambda.api_unreadable") << id;
    }
    transport.script.push_back(invocation({}));
    EXPECT_EQ(loop.run(api.next()).error().code(), "lambda.api_unreadable");
}

TEST_F(Runtime, GivenAnInvocationThatComesAfterHours_WhenAskedForTheNext_ThenItWasWaitedForInOneCall) {
    transport.script.push_back(invocation({{"lambda-runtime-aws-request-id", "8476a536-e9f4"},
                                           {"Lambda-Runtime-Deadline-Ms", deadline_in(9h + 30s)},
                                           {"Lambda-Runtime-Trace-Id", "Root=1-2-3"}},
                                          9h));
    const auto next = loop.run(api.next());
    ASSERT_TRUE(next) << next.error().detail();
    EXPECT_EQ(next->request_id, "8476a536-e9f4");
    EXPECT_EQ(next->deadline, loop.clock().now() + 30s);
    EXPECT_EQ(next->trace, "Root=1-2-3");
    EXPECT_EQ(transport.asked.size(), 1U);
    EXPECT_EQ(transport.asked[0].method, "GET");
    EXPECT_EQ(transport.asked[0].url.target, "/2018-06-01/runtime/invocation/next");
}

TEST_F(Runtime, GivenADeadlineThatIsPastOrNone_WhenTheNextComes_ThenNothingOverflows) {
    const auto deadline_of = [&](const std::string& text) {
        transport.script.push_back(
            invocation({{"Lambda-Runtime-Aws-Request-Id", "a"}, {"Lambda-Runtime-Deadline-Ms", text}}));
        return loop.run(api.next())->deadline - loop.clock().now();
    };
    EXPECT_EQ(deadline_of(deadline_in(-5s)), 0s);
    EXPECT_EQ(deadline_of("soon"), 3s);
    EXPECT_EQ(deadline_of(""), 3s);
    EXPECT_EQ(deadline_of("9223372036854775807"), 15min);
}

TEST_F(Runtime, GivenAnAnswer_WhenItsConnectionBreaks_ThenItIsSentAgain_AndAnApiThatTookItIsNoError) {
    transport.script = {ScriptedTransport::broken("http.broken"), status(400)};
    EXPECT_TRUE(loop.run(api.respond("a", "{}")));
    EXPECT_EQ(transport.asked.size(), 2U);
    EXPECT_EQ(transport.asked[1].url.target, "/2018-06-01/runtime/invocation/a/response");
    EXPECT_EQ(transport.asked[1].body, "{}");

    transport.script = {status(400)};
    EXPECT_EQ(loop.run(api.respond("a", "{}")).error().code(), "lambda.api_refused");
    for (int i = 0; i < 3; ++i) transport.script.push_back(ScriptedTransport::broken("http.connect"));
    EXPECT_EQ(loop.run(api.respond("a", "{}")).error().code(), "lambda.api_down");
}

TEST_F(Runtime, GivenAnError_WhenTold_ThenTypeAndMessageStandWhereLambdaLooks) {
    transport.answer = [](const HttpAsk&) { return Line{HttpReply{202, {}, {}}, {}}; };
    const Error why(ErrorKind::unavailable, "store.down", "no \"answer\"\nfrom b\xC3\xBCro");
    EXPECT_TRUE(loop.run(api.fail_invocation("a", why)));
    EXPECT_TRUE(loop.run(api.fail_init(why)));
    EXPECT_EQ(transport.asked[0].url.target, "/2018-06-01/runtime/invocation/a/error");
    EXPECT_EQ(transport.asked[1].url.target, "/2018-06-01/runtime/init/error");
    for (const auto& ask : transport.asked) {
        EXPECT_EQ(ask.method, "POST");
        EXPECT_THAT(ask.headers, testing::Contains(HttpHeader{"Lambda-Runtime-Function-Error-Type", "store.down"}));
        EXPECT_EQ(ask.body, R"({"errorMessage":"no \"answer\"?from b??ro","errorType":"store.down","stackTrace":[]})");
    }
}

}  // namespace
}  // namespace orderflow::aws
