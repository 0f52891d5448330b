#include "chaos/rig/system.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace orderflow::chaos {
namespace {

TEST(ASystem, GivenTheServices_WhenEachHasItsTurn_ThenAllDieAndTheWorkerIsTheFirst) {
    System system(Deployment::services, {.data = "data", .database_url = {}, .payments = {}}, {});

    std::set<std::string> names;
    for (std::uint64_t n = 3; n < 6; ++n) names.insert(system.in_turn(n).name());

    EXPECT_EQ(names, (std::set<std::string>{"api-service", "queue-service", "worker-service"}));
    EXPECT_EQ(system.in_turn(0).name(), "worker-service");
    EXPECT_FALSE(system.takes_orders(system.in_turn(0)));
    EXPECT_EQ(system.queue().name(), "queue-service");
    EXPECT_EQ(system.api().name(), "api-service");
    EXPECT_THROW(system.only(), std::logic_error);
}

TEST(ASystem, GivenOneProgram_WhenEachHasItsTurn_ThenItIsAlwaysThatOne) {
    System system(Deployment::one_program, {.data = "data", .database_url = {}, .payments = {}}, {});

    EXPECT_EQ(&system.in_turn(0), &system.only());
    EXPECT_EQ(&system.in_turn(5), &system.only());
    EXPECT_TRUE(system.more_metrics(system.api()).empty());
}

TEST(ASystem, GivenServicesOnPostgres_ThenTwoWorkersShareAPaymentProviderAndTwoApisTakeOrders) {
    System system(Deployment::services, {.data = "data", .database_url = "postgresql://", .payments = "provider.db"},
                  {});

    std::multiset<std::string> names;
    for (std::uint64_t n = 0; n < 5; ++n) names.insert(system.in_turn(n).name());

    EXPECT_EQ(names.count("worker-service"), 2U);
    EXPECT_EQ(names.count("api-service"), 2U);
    EXPECT_EQ(names.count("queue-service"), 1U);
    EXPECT_TRUE(system.provider());
    ASSERT_EQ(system.apis().size(), 2U);
    EXPECT_EQ(system.more_metrics(*system.apis()[0]).size(), 4U);
}

TEST(ASystem, GivenImages_WhenAServiceBecomesTheReleaseBefore_ThenTheOthersStayWhatTheyAre) {
    System system(Deployment::services, {.data = "data", .database_url = {}, .payments = {}}, {},
                  Images{.current = "latest", .before = "n-1"});

    system.set_release(system.queue(), Release::before);

    EXPECT_EQ(system.queue().image(), "localhost/orderflow/queue-service:n-1");
    EXPECT_EQ(system.api().image(), "localhost/orderflow/api-service:latest");
}

TEST(SumOfMetrics, GivenAPage_ThenTheNamedOnesAreAddedUpAndNoOthers) {
    constexpr std::string_view page =
        "# HELP a_total Something.\n"
        "a_total 3\n"
        "a_total_created 100\n"
        "b{queue=\"orders\"} 4\n"
        "b{queue=\"orders-dlq\"} 5\n"
        "c 100";

    EXPECT_EQ(sum_of_metrics(page, {"a_total", "b"}), 12U);
    EXPECT_EQ(sum_of_metrics("", {"a_total"}), 0U);
}

}  // namespace
}  // namespace orderflow::chaos
