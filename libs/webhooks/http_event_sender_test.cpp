// What an answer of a webhook endpoint means.
#include "libs/webhooks/http_event_sender.hpp"

#include <gtest/gtest.h>

namespace orderflow::webhooks {
namespace {

net::ClientAnswer answer(int status, std::string body = {}, std::string retry_after = {}) {
    net::ClientAnswer made;
    made.status = status;
    made.body = std::move(body);
    if (!retry_after.empty()) made.fields = {{.name = "retry-after", .value = std::move(retry_after)}};
    return made;
}

constexpr WallTime now{std::chrono::milliseconds(1'795'773'600'000)};  // Fri, 27 Nov 2026 10:00:00 GMT

orders::SendAnswer judge(const net::ClientAnswer& answer) { return judge_answer(answer, now); }

TEST(WebhookAnswer, GivenAnyStatusOf2xx_WhenJudged_ThenItIsDelivered) {
    for (const int status : {200, 201, 202, 204, 299}) EXPECT_EQ(judge(answer(status)).code, "") << status;
}

TEST(WebhookAnswer, GivenAnythingElse_WhenJudged_ThenItIsNotDeliveredAndARedirectIsNotFollowed) {
    for (const int status : {301, 302, 307, 308, 400, 401, 403, 404, 409, 422, 500, 502, 504}) {
        const auto judged = judge(answer(status, "", "7"));
        EXPECT_EQ(judged.code, "http-" + std::to_string(status));
        EXPECT_FALSE(judged.gone);
        EXPECT_EQ(judged.retry_after.count(), 0) << "only 429 and 503 say when";
    }
}

TEST(WebhookAnswer, GivenGone_WhenJudged_ThenItSaysSo) { EXPECT_TRUE(judge(answer(410)).gone); }

TEST(WebhookAnswer, GivenRetryAfter_WhenJudged_ThenSecondsCountUpToAnHour) {
    EXPECT_EQ(judge(answer(429, "", "7")).retry_after, std::chrono::seconds(7));
    EXPECT_EQ(judge(answer(503, "", "0")).retry_after.count(), 0);
    EXPECT_EQ(judge(answer(503, "", "999999999")).retry_after, std::chrono::hours(1));
    for (const auto* wrong : {"-1", "1.5", "soon", "99999999999999999999"}) {
        EXPECT_EQ(judge(answer(429, "", wrong)).retry_after.count(), 0) << wrong;
    }
}

TEST(WebhookAnswer, GivenRetryAfterAsADate_WhenJudged_ThenItIsComparedWithTheReceiversClockOrWithOurs) {
    auto busy = answer(503, "", "Fri, 27 Nov 2026 10:02:00 GMT");
    EXPECT_EQ(judge(busy).retry_after, std::chrono::minutes(2));
    busy.fields.push_back({.name = "date", .value = "Fri, 27 Nov 2026 10:01:30 GMT"});
    EXPECT_EQ(judge(busy).retry_after, std::chrono::seconds(30));
    busy.fields.back().value = "now";
    EXPECT_EQ(judge(busy).retry_after, std::chrono::minutes(2));

    EXPECT_EQ(judge(answer(503, "", "Fri, 27 Nov 2026 09:59:00 GMT")).retry_after.count(), 0) << "it is over";
    EXPECT_EQ(judge(answer(503, "", "Sun, 29 Nov 2026 10:00:00 GMT")).retry_after, std::chrono::hours(1));
    EXPECT_EQ(judge(answer(503, "", "Fri, 27 Nov 2026 10:02:00 CET")).retry_after.count(), 0);
}

TEST(WebhookAnswer, GivenABodyOfAnyBytes_WhenJudged_ThenTheLogGetsAFewThatArePrintable) {
    const auto judged = judge(answer(500, std::string("no\n\x1b[31m\0", 10) + std::string(5000, 'x')));
    EXPECT_EQ(judged.head.find('\n'), std::string::npos);
    EXPECT_EQ(judged.head.find('\x1b'), std::string::npos);
    EXPECT_LE(judged.head.size(), orders::limits::answer_head_max);
    EXPECT_LE(judge(answer(500, std::string(5000, '\n'))).head.size(), orders::limits::answer_head_max);
    EXPECT_EQ(judge(answer(500, "no")).head, "no");
}

}  // namespace
}  // namespace orderflow::webhooks
