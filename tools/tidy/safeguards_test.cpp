#include "tools/tidy/safeguards.hpp"

#include <gtest/gtest.h>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

Tree tree_with(const std::string& table) {
    return {{"libs/base/safeguard.hpp",
             "enum class Safeguard : std::uint8_t {\n    // What\n    store_sync,  // the store, too\n    "
             "place_once,\n};\n"},
            {"libs/storage/store.cpp", "options.synced = safeguard(Safeguard::store_sync);\n"},
            {"libs/orders/place.cpp", "if (!safeguard(Safeguard::place_once)) {}\n"},
            {"docs/safeguards.md", table}};
}

constexpr auto first_row = "| `store_sync` | orders are lost | `libs/storage/store.cpp` | `store_test` | `A.B` |\n";
constexpr auto second_row = "| `place_once` | two `orders` | `libs/orders/place.cpp` | `orders_test` | `A.B` |\n";

TEST(Safeguards, GivenARowForEach_WhenChecked_ThenThereIsNothingToSay) {
    EXPECT_EQ(snapshot(check_safeguards(tree_with(std::string(first_row) + second_row))), "");
    EXPECT_EQ(snapshot(check_safeguards({})), "");
}

TEST(Safeguards, GivenASafeguardWithoutARow_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(snapshot(check_safeguards(tree_with(first_row))),
              "docs/safeguards.md:1: safeguard-table: its rows are not the safeguards of libs/base/safeguard.hpp, so "
              "some are never left out: one row for each, in the same order, with the test that sees it missing\n");
}

TEST(Safeguards, GivenAPlaceThatDoesNotAskForIt_WhenChecked_ThenItIsAnError) {
    const std::string wrong = "| `place_once` | two | `libs/storage/store.cpp` | `orders_test` | `A.B` |\n";

    EXPECT_EQ(snapshot(check_safeguards(tree_with(first_row + wrong))),
              "docs/safeguards.md:2: safeguard-table: the place does not ask for place_once: the file with "
              "safeguard(Safeguard::place_once)\n");
}

}  // namespace
}  // namespace orderflow::tidy
