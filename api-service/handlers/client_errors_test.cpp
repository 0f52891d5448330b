// Goal: what pages report is believed only as far as it has its form, and costs a bounded number of lines.
#include "api-service/handlers/client_errors.hpp"

#include "api-service/api_fixture_test.hpp"

namespace orderflow::api {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ClientErrorsTest : public ApiTest {
  protected:
    static std::string report(const std::string& message = "x is undefined") {
        return R"({"kind":"error","type":"TypeError","message":")" + message +
               R"(","page":"/orders/{id}","source":"/assets/tracking.js","line":7,"column":11,)"
               R"("stack":[{"function":"press","file":"/assets/tracking.js","line":7,"column":11},)"
               R"({"file":"/assets/feed.js","line":1}]})";
    }
    static TestRequest post(std::string body) { return post_json("/v1/client-errors", std::move(body)); }
    std::vector<std::string> lines() const {
        std::vector<std::string> told;
        for (const auto& line : sink.lines) {
            if (line.contains("client.error")) told.push_back(line);
        }
        return told;
    }
    double counted_errors() const { return counted("orderflow_client_errors_total{kind=\"error\"}"); }
};

TEST_F(ClientErrorsTest, GivenBodiesThatAreNone_ThenTheyAreRefused_AndNothingIsTold) {
    auto form = post("kind=error");
    form.fields = {{"Content-Type", "application/x-www-form-urlencoded"}};
    EXPECT_EQ(verdict(send(form)), "415 unsupported-media-type");
    EXPECT_EQ(verdict(send(post("{"))), "400 malformed-json");
    EXPECT_EQ(verdict(send(post(R"({"a":[[[[[1]]]]]})"))), "400 malformed-json") << "too deep";
    EXPECT_EQ(verdict(send(post("{}"))), "422 validation-failed");
    EXPECT_EQ(verdict(send(post(report(std::string(9000, 'x'))))), "413 body-too-large");

    EXPECT_THAT(lines(), ElementsAre());
    EXPECT_EQ(counted_errors(), 0);
}

TEST_F(ClientErrorsTest, GivenManyReportsOfOneClient_ThenItIsToldToWait_AndReadsGoOn) {
    auto one = post(report());
    one.peer = "192.0.2.1";
    int taken = 0;
    while (send(one).status == 204 && taken < 1000) ++taken;

    EXPECT_GT(taken, 5);
    EXPECT_LT(taken, 100);
    EXPECT_EQ(verdict(send(one)), "429 rate-limited");
    auto read = get("/v1/products");
    read.peer = "192.0.2.1";
    EXPECT_EQ(send(read).status, 200U) << "a page that is broken has not used up what its buyer may ask for";
    loop.advance(1min);
    EXPECT_EQ(send(one).status, 204U);
}

TEST_F(ClientErrorsTest, GivenAFaultOfEveryPage_ThenAllAreCounted_AndABoundedNumberIsTold) {
    for (int i = 0; i < 200; ++i) EXPECT_EQ(send(post(report())).status, 204U);

    EXPECT_EQ(counted_errors(), 200);
    EXPECT_THAT(lines(), testing::SizeIs(ClientErrorsHandler::told_at_once));
    EXPECT_EQ(counted("orderflow_client_errors_untold_total"), 200 - ClientErrorsHandler::told_at_once);
    loop.advance(ClientErrorsHandler::told_every);
    send(post(report()));
    EXPECT_THAT(lines(), testing::SizeIs(ClientErrorsHandler::told_at_once + 1));
}

TEST_F(ClientErrorsTest, GivenAReport_ThenItIsOneLineOfTheLog) {
    const auto response = send(post(report()));

    EXPECT_EQ(response.status, 204U);
    EXPECT_EQ(response.body, "");
    ASSERT_THAT(lines(), testing::SizeIs(1));
    EXPECT_THAT(lines()[0], HasSubstr(R"("kind":"error","page":"/orders/{id}","type":"TypeError",)"
                                      R"("message":"x is undefined","source":"/assets/tracking.js","line":7)"));
    EXPECT_THAT(lines()[0], HasSubstr("press /assets/tracking.js:7:11 < /assets/feed.js:1:0"));
}

TEST_F(ClientErrorsTest, GivenTextThatWouldForgeALine_ThenItStaysInItsField) {
    EXPECT_EQ(verdict(send(post(report("a\\nb")))), "422 validation-failed") << "a line feed";
    send(post(report(R"(\"} {\"level\":\"error\")")));

    ASSERT_THAT(lines(), testing::SizeIs(1));
    EXPECT_THAT(lines()[0], Not(HasSubstr("\n")));
    EXPECT_EQ(text_in(json::parse(lines()[0], {.bytes = 4096}).value(), "level"), "warn");
}

TEST_F(ClientErrorsTest, GivenSomebodyWhoTracksErrors_ThenHeIsTold) {
    std::vector<std::string> told;
    forward_client_error = [&told](const contract::ClientError& error) { told.push_back(error.message); };

    send(post(report("first")));
    send(post("{}"));

    EXPECT_THAT(told, ElementsAre("first"));
}

}  // namespace
}  // namespace orderflow::api
