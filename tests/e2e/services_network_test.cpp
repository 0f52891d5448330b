// Goal: whatever the network between the services does, an order that was acknowledged is confirmed once, and its key
// meets the same order again.
// Method: a proxy stands in front of queue-service and breaks most of what passes while clients buy; then it lets
// everything pass, and the orders and the stock have to agree.
#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "libs/testing/fault_proxy.hpp"
#include "tests/e2e/services.hpp"

namespace orderflow::e2e {
namespace {

void expect_each_order_once(const NetworkFaultMix& mix, std::size_t orders, NetworkFault seen) {
    std::unique_ptr<FaultProxy> proxy;
    Services services([&](std::uint16_t queue) {
        proxy = std::make_unique<FaultProxy>(queue, NetworkFaults(1, mix));
        return proxy->port();
    });
    const auto client = services.client();
    const auto before = client.available(sku);
    std::vector<std::string> acknowledged;
    {
        Buyers buyers(services);
        buyers.wait_for_more(orders);
        acknowledged = buyers.stop();
    }
    EXPECT_GT(proxy->counts()[static_cast<std::size_t>(seen)], 0U);
    proxy->set_faulty(false);

    // A delivery that was lost on its way to the worker comes again when its visibility timeout of 60 s is over.
    for (const auto& id : acknowledged) EXPECT_EQ(client.wait_until_settled(id), "confirmed") << id;
    EXPECT_EQ(std::set(acknowledged.begin(), acknowledged.end()).size(), acknowledged.size());
    EXPECT_EQ(before - client.available(sku), static_cast<std::int64_t>(acknowledged.size()));
}

TEST(ServicesNetwork, GivenResponsesThatEndAfterAnyByte_WhenOrdersArePlaced_ThenEachIsConfirmedOnce) {
    expect_each_order_once({.percent = 50, .kinds = {NetworkFault::cut_response}}, 200, NetworkFault::cut_response);
}

TEST(ServicesNetwork, GivenAllFaultsOfANetwork_WhenOrdersArePlaced_ThenEachIsConfirmedOnce) {
    expect_each_order_once({.percent = 50, .stall_max = std::chrono::milliseconds(1500)}, 60,
                           NetworkFault::lose_response);
}

TEST(ServicesNetwork, GivenAQueueThatIsAskedTooMuch_WhenOrdersArePlaced_ThenEachIsConfirmedOnce) {
    expect_each_order_once({.percent = 50, .kinds = {NetworkFault::throttle}}, 60, NetworkFault::throttle);
}

}  // namespace
}  // namespace orderflow::e2e
