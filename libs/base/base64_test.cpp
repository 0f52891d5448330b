#include "libs/base/base64.hpp"

#include <gtest/gtest.h>

#include <array>

namespace orderflow {
namespace {

TEST(Base64, GivenTheVectorsOfRfc4648_WhenCodedBothWays_ThenTheyMatch) {
    constexpr auto vectors = std::to_array<std::pair<std::string_view, std::string_view>>({{"", ""},
                                                                                           {"f", "Zg=="},
                                                                                           {"fo", "Zm8="},
                                                                                           {"foo", "Zm9v"},
                                                                                           {"foob", "Zm9vYg=="},
                                                                                           {"fooba", "Zm9vYmE="},
                                                                                           {"foobar", "Zm9vYmFy"}});
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(to_base64(bytes), text);
        EXPECT_EQ(from_base64(text), bytes);
    }
}

TEST(Base64, GivenEveryOctet_WhenCodedBothWays_ThenNothingChanges) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));

    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
}

TEST(Base64, GivenTextThatIsNotBase64_WhenDecoded_ThenItIsRefused) {
    for (const auto* text :
         {"Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm 8", "Zm8-", "Zm8_", "Zh==", "Zm9=", "Zm8=\n"}) {
        EXPECT_FALSE(from_base64(text)) << text;
    }
}

}  // namespace
}  // namespace orderflow
