#include "libs/orders/application/intake/fingerprint_lookup.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/orders/application/intake/intake_fixture_test.hpp"

namespace orderflow::orders {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FingerprintLookupTest : public testing::Test {
  protected:
    FingerprintLookupTest() {
        const auto id = samples::order_id(1);
        reader.orders.emplace(id, Order(id, samples::draft(), samples::fingerprint(5), samples::at(0)));
    }
    void start(std::uint32_t order) { loop.spawn(collect(lookup.find(samples::order_id(order)), found)); }

    SimLoop loop;
    CountingObserver observer;
    ScriptedReader reader;
    FingerprintLookup lookup{reader, parts_of(loop), {.ids_max = 3}, observer};
    std::vector<std::optional<Fingerprint>> found;
};

TEST_F(FingerprintLookupTest, GivenAStoredOrder_ThenItsFingerprintIsFound) {
    start(1);
    start(2);
    loop.run_ready();

    EXPECT_THAT(found, ElementsAre(samples::fingerprint(5), std::nullopt));
}

TEST_F(FingerprintLookupTest, GivenAReadUnderWay_ThenLaterRequestsShareTheNextOne) {
    reader.held = true;
    start(1);
    loop.run_ready();
    for (std::uint32_t i = 2; i <= 6; ++i) start(i);
    loop.run_ready();
    reader.release();
    loop.run_ready();

    EXPECT_EQ(found.size(), 6U);
    EXPECT_THAT(reader.reads, ElementsAre(1, 3, 2));
}

TEST_F(FingerprintLookupTest, GivenAStoreThatIsDown_ThenNothingIsFoundAndItIsLeftAlone) {
    reader.down = true;
    start(1);
    loop.run_ready();
    EXPECT_THAT(found, ElementsAre(std::nullopt));

    reader.down = false;
    start(1);
    loop.run_ready();
    EXPECT_EQ(reader.reads.size(), 1U) << "no read while it rests";
    EXPECT_EQ(observer.skipped, 2);

    loop.advance(1s);
    start(1);
    loop.run_ready();
    EXPECT_EQ(found.back(), samples::fingerprint(5));
}

TEST_F(FingerprintLookupTest, GivenAStoreThatHangs_ThenTheRequestGoesOnAfterItsPatience) {
    reader.held = true;
    start(1);
    loop.advance(249ms);
    EXPECT_THAT(found, IsEmpty());
    loop.advance(1ms);
    EXPECT_THAT(found, ElementsAre(std::nullopt));

    reader.release();
    loop.advance(1s);
    start(1);
    loop.run_ready();
    EXPECT_EQ(found.back(), samples::fingerprint(5));
}

}  // namespace
}  // namespace orderflow::orders
