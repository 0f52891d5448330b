#include "orderflow/load/answer.hpp"

#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

using audit::Outcome;

Outcome outcome(int status, std::string_view body = {}) { return outcome_of(net::HttpAnswer{status, body}); }

TEST(OutcomeOf, GivenAnAnswerThatCommitsItself_ThenItIsDefinite) {
    for (const int status : {200, 201, 202}) EXPECT_EQ(outcome(status), Outcome::ok) << status;
    for (const int status : {400, 404, 409, 422, 429}) EXPECT_EQ(outcome(status), Outcome::refused) << status;
}

TEST(OutcomeOf, GivenA503_ThenOnlyItsOwnWordsMakeItDefinite) {
    EXPECT_EQ(outcome(503, R"({"status":503,"code":"queue-unavailable"})"), Outcome::refused);
    EXPECT_EQ(outcome(503, R"({"status":503,"code":"outcome-unknown"})"), Outcome::unknown);
    EXPECT_EQ(outcome(503, "<html>a proxy</html>"), Outcome::unknown);
    EXPECT_EQ(outcome(503), Outcome::unknown);
}

TEST(OutcomeOf, GivenAnythingElse_ThenTheEffectMayHaveHappened) {
    for (const int status : {100, 301, 500, 502, 504}) EXPECT_EQ(outcome(status), Outcome::unknown) << status;
}

TEST(OutcomeOf, GivenNoAnswer_ThenOnlyWhatNeverLeftHadNoEffect) {
    EXPECT_EQ(outcome_of(net::HttpFailure::not_sent), Outcome::refused);
    for (const auto failure : {net::HttpFailure::broken, net::HttpFailure::late, net::HttpFailure::unreadable}) {
        EXPECT_EQ(outcome_of(failure), Outcome::unknown);
    }
}

TEST(IdIn, GivenABody_ThenItsFirstIdIsFound) {
    EXPECT_EQ(id_in(R"({"id":"ord_1","status":"accepted"})"), "ord_1");
    EXPECT_EQ(status_in(R"({"id":"ord_1","status":"accepted"})"), "accepted");
}

TEST(IdIn, GivenABodyWithoutOne_ThenItIsEmpty) {
    for (const auto* body : {"", "{}", R"({"idx":"a"})", R"({"id":"unended)"}) EXPECT_EQ(id_in(body), "") << body;
}

}  // namespace
}  // namespace orderflow::load
