#include "libs/sqlite/crc32c.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "libs/sqlite/statement.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::sqlite {
namespace {

TEST(Crc32c, GivenTheCheckString_ThenTheValueIsThatOfTheStandard) {
    EXPECT_EQ(crc32c(as_blob("123456789")), 0xE3069283U);
    EXPECT_EQ(crc32c_portable(as_blob("123456789")), 0xE3069283U);
}

// RFC 3720, appendix B.4.
TEST(Crc32c, GivenTheIscsiExamples_ThenTheValuesAreThoseOfTheRfc) {
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0x00})), 0x8A9136AAU);
    EXPECT_EQ(crc32c(std::vector<std::byte>(32, std::byte{0xff})), 0x62A8AB43U);
}

TEST(Crc32c, GivenAnyLengthAndSplit_ThenTheInstructionAndTheTableAgree) {
    SeededEntropy entropy(7);
    for (std::size_t length = 0; length < 80; ++length) {
        std::vector<std::byte> bytes(length);
        entropy.fill(bytes);
        const auto split = static_cast<std::size_t>(entropy.below(length + 1));
        const auto whole = std::span<const std::byte>(bytes);

        EXPECT_EQ(crc32c(whole), crc32c_portable(whole)) << "length " << length;
        EXPECT_EQ(crc32c(whole.subspan(split), crc32c(whole.first(split))), crc32c(whole)) << "split " << split;
    }
}

}  // namespace
}  // namespace orderflow::sqlite
