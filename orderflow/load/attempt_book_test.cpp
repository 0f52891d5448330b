#include "orderflow/load/attempt_book.hpp"

#include <gtest/gtest.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow::load {
namespace {

using audit::AttemptKind;
using audit::Outcome;
using Kind = Job::Kind;

constexpr auto acknowledgement = R"({"id":"ord_3rqzbx6zgx763dbz419c4xewhm","status":"accepted"})";
constexpr auto too_busy = R"({"code":"queue-full"})";

class ABook : public ::testing::Test {
  protected:
    static Job job(Kind kind) { return {.kind = kind, .number = 1, .order_id = "ord_3rqzbx6zgx763dbz419c4xewhm"}; }
    LoadCounts after(Kind kind, int status, std::string_view body = {}, bool bad = false) const {
        AttemptBook book(bad ? bad_ : good_, nullptr);
        book.answered(job(kind), {status, body}, "{}", {});
        return book.counts();
    }

    OrderPlanner good_{1, {}, {"A"}, std::nullopt};
    OrderPlanner bad_{1, Mix{.bad = 100}, {"A"}, std::nullopt};
};

TEST_F(ABook, GivenWhatShouldHappen_ThenItIsNoError) {
    EXPECT_EQ(after(Kind::place, 202, acknowledgement).accepted, 1U);
    EXPECT_EQ(after(Kind::retry, 202, acknowledgement).accepted, 1U);
    EXPECT_EQ(after(Kind::again, 202, acknowledgement).replayed, 1U);
    EXPECT_EQ(after(Kind::cancel, 202, acknowledgement).cancels, 1U);
    EXPECT_EQ(after(Kind::cancel, 409).refused, 1U);
    EXPECT_EQ(after(Kind::reuse, 422).refused, 1U);
    EXPECT_EQ(after(Kind::place, 400, {}, true).refused, 1U);
    for (const auto kind : {Kind::place, Kind::again, Kind::cancel}) {
        EXPECT_EQ(after(kind, 202, acknowledgement).errors, 0U);
    }
}

TEST_F(ABook, GivenWhatShouldNotHappen_ThenItIsAnErrorOfItsKind) {
    EXPECT_EQ(after(Kind::place, 400).unexpected, 1U);
    EXPECT_EQ(after(Kind::place, 202, acknowledgement, true).unexpected, 1U) << "a bad order was accepted";
    EXPECT_EQ(after(Kind::place, 429).overloaded, 1U);
    EXPECT_EQ(after(Kind::place, 503, too_busy).overloaded, 1U);
    EXPECT_EQ(after(Kind::place, 503).unknown, 1U);
    EXPECT_EQ(after(Kind::place, 500).unknown, 1U);
    for (const int status : {400, 429, 500, 503}) EXPECT_EQ(after(Kind::place, status).errors, 1U) << status;
    EXPECT_EQ(after(Kind::place, 500).accepted, 0U);
}

TEST_F(ABook, GivenNoAnswer_ThenItIsUnknownUnlessNothingLeft) {
    AttemptBook book(good_, nullptr);

    book.failed(job(Kind::place), net::HttpFailure::late, "{}", {});
    book.failed(job(Kind::place), net::HttpFailure::not_sent, "{}", {});

    EXPECT_EQ(book.counts().sent, 2U);
    EXPECT_EQ(book.counts().errors, 2U);
    EXPECT_EQ(book.counts().unknown, 1U);
    EXPECT_EQ(book.counts().not_sent, 1U);
}

TEST_F(ABook, ThenTheRecentLatenciesAreThoseSinceTheyWereTaken) {
    AttemptBook book(good_, nullptr);
    book.answered(job(Kind::place), {202, acknowledgement}, "{}", {.latency = 5ms});
    EXPECT_EQ(book.take_recent().count(), 1U);

    book.answered(job(Kind::place), {202, acknowledgement}, "{}", {.latency = 9ms});

    EXPECT_EQ(book.take_recent().max(), 9ms);
    EXPECT_EQ(book.latency().count(), 2U);
}

TEST_F(ABook, GivenALedger_ThenEveryAttemptStandsInIt) {
    const TempDir dir;
    {
        auto ledger = LedgerWriter::open(dir / "ledger", "run", {}).value();
        AttemptBook book(good_, &ledger);
        book.answered(job(Kind::place), {202, acknowledgement}, "{\"a\":1}", {});
        book.answered(job(Kind::reuse), {422, "{}"}, "{\"a\":2}", {});
        book.failed(job(Kind::retry), net::HttpFailure::broken, "{\"a\":1}", {});
        book.answered(job(Kind::cancel), {202, "{}"}, "{}", {});
        ASSERT_TRUE(ledger.finish());
    }

    const auto attempts = read_ledger(dir / "ledger").value().history.attempts;

    ASSERT_EQ(attempts.size(), 4U);
    EXPECT_EQ(attempts[0].outcome, Outcome::ok);
    EXPECT_TRUE(attempts[0].order.has_value());
    EXPECT_EQ(attempts[1].outcome, Outcome::refused);
    EXPECT_EQ(attempts[1].key, attempts[0].key);
    EXPECT_NE(attempts[1].asked, attempts[0].asked);
    EXPECT_NE(attempts[1].lines, attempts[0].lines);
    EXPECT_EQ(attempts[2].outcome, Outcome::unknown);
    EXPECT_EQ(attempts[2].asked, attempts[0].asked);
    EXPECT_EQ(attempts[3].kind, AttemptKind::cancel);
    EXPECT_EQ(attempts[3].order, attempts[0].order);
}

}  // namespace
}  // namespace orderflow::load
