#include "orderflow/load/job_source.hpp"

#include <gtest/gtest.h>

#include <set>

namespace orderflow::load {
namespace {

Job next(JobSource& jobs) {
    Job job;
    EXPECT_TRUE(jobs.next(job));
    return job;
}

TEST(JobSource, GivenALimit_ThenSoManyNewOrdersComeAndNoMore) {
    JobSource jobs(1, {}, 3);

    for (std::uint64_t number = 1; number <= 3; ++number) {
        const auto job = next(jobs);
        EXPECT_EQ(job.kind, Job::Kind::place);
        EXPECT_EQ(job.number, number);
    }
    Job job;
    EXPECT_FALSE(jobs.next(job));
}

TEST(JobSource, GivenAnUnknownOutcomeThatHasToBeSentAgain_ThenItComesFirstAndAsARetry) {
    JobSource jobs(1, {}, 0);
    const auto first = next(jobs);

    jobs.outcome_unknown(first, true);

    const auto retry = next(jobs);
    EXPECT_EQ(retry.kind, Job::Kind::retry);
    EXPECT_EQ(retry.number, first.number);
    EXPECT_EQ(next(jobs).number, 2U);
}

TEST(JobSource, GivenUnknownOutcomes_ThenAboutHalfAreSentAgain) {
    JobSource jobs(1, {}, 1000);
    Job job;
    for (std::uint64_t i = 0; i < 1000; ++i) jobs.outcome_unknown(next(jobs), false);

    int retries = 0;
    while (jobs.next(job)) ++retries;

    EXPECT_GT(retries, 400);
    EXPECT_LT(retries, 600);
}

TEST(JobSource, GivenNothingAcknowledged_ThenNoRequestIsAboutAKnownOrder) {
    JobSource jobs(1, Mix{.repeat = 30, .reuse = 30, .cancel = 30}, 100);

    for (int i = 0; i < 100; ++i) EXPECT_EQ(next(jobs).kind, Job::Kind::place);
}

TEST(JobSource, GivenAcknowledgedOrders_ThenRepeatsReusesAndCancelsAreAboutThem) {
    JobSource jobs(1, Mix{.repeat = 20, .reuse = 20, .cancel = 20}, 0);
    const std::set<std::uint64_t> known{7, 8};
    for (const auto number : known) jobs.acknowledged(number, "ord_" + std::to_string(number));
    std::set<Job::Kind> kinds;

    for (int i = 0; i < 1000; ++i) {
        const auto job = next(jobs);
        kinds.insert(job.kind);
        if (job.kind == Job::Kind::place) continue;
        EXPECT_TRUE(known.contains(job.number));
        EXPECT_EQ(job.order_id, job.kind == Job::Kind::cancel ? "ord_" + std::to_string(job.number) : "");
    }

    EXPECT_EQ(kinds, (std::set{Job::Kind::place, Job::Kind::again, Job::Kind::reuse, Job::Kind::cancel}));
}

TEST(JobSource, GivenMoreAcknowledgedThanItKeeps_ThenTheNewestAreKnown) {
    JobSource jobs(1, Mix{.cancel = 99}, 0);
    for (std::uint64_t number = 1; number <= 3000; ++number) jobs.acknowledged(number, "ord_x");

    for (int i = 0; i < 1000; ++i) {
        const auto job = next(jobs);
        if (job.kind == Job::Kind::cancel) EXPECT_GT(job.number, 3000U - 1024U);
    }
}

TEST(JobSource, WhenNoNewOrdersAreWanted_ThenOnlyRetriesAreLeft) {
    JobSource jobs(1, {}, 0);
    Job job;
    EXPECT_FALSE(jobs.next_retry(job));

    jobs.outcome_unknown(next(jobs), true);

    EXPECT_TRUE(jobs.next_retry(job));
    EXPECT_FALSE(jobs.next_retry(job));
}

}  // namespace
}  // namespace orderflow::load
