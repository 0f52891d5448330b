#include "orderflow/import/file_pieces.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using contract::ProductFileFormat;
using testing::ElementsAre;

std::vector<std::string> texts(std::string_view file, ProductFileFormat format, const PieceLimits& limits) {
    std::vector<std::string> found;
    for (auto& piece : in_pieces(file, format, limits).value()) found.push_back(std::move(piece.text));
    return found;
}

TEST(FilePieces, GivenARowThatFitsIntoNoRequest_ThenItsLineIsSaid) {
    const auto pieces = in_pieces("sku\na\n\"b\nb\nb", ProductFileFormat::csv, {.bytes = 8, .rows = 9});

    ASSERT_FALSE(pieces);
    EXPECT_EQ(pieces.error().code(), "import.row_too_large");
    EXPECT_THAT(pieces.error().detail(), testing::StartsWith("line 3:"));
    EXPECT_FALSE(in_pieces("\"sku,name", ProductFileFormat::csv, {.bytes = 8, .rows = 9}));
}

TEST(FilePieces, GivenAFileThatFits_ThenItIsOnePieceAsItIs) {
    for (const std::string file : {"", "sku", "sku\n", "sku\n\na\r\n", "sku\n\"a"}) {
        EXPECT_THAT(texts(file, ProductFileFormat::csv, {}), ElementsAre(file));
    }
}

TEST(FilePieces, GivenALongCsv_ThenEachPieceHasTheHeaderAndWholeRows) {
    const PieceLimits limits{.bytes = 12, .rows = 9};

    EXPECT_THAT(texts("sku\naa\nbb\ncc\ndd", ProductFileFormat::csv, limits),
                ElementsAre("sku\naa\nbb\n", "sku\ncc\ndd"));
    EXPECT_THAT(texts("sku\n\"a\n\"\"\"\nbb\n", ProductFileFormat::csv, limits),
                ElementsAre("sku\n\"a\n\"\"\"\n", "sku\nbb\n"))
        << "an end of line within quotes ends no row";
}

TEST(FilePieces, GivenManyRows_ThenAPieceHasNoMoreThanARequestTakes) {
    EXPECT_THAT(texts("{1}\n{2}\n{3}\n", ProductFileFormat::ndjson, {.bytes = 99, .rows = 2}),
                ElementsAre("{1}\n{2}\n", "{3}\n"));
}

TEST(FilePieces, GivenAPiece_ThenItsLinesAreFoundInTheFile) {
    const auto csv = in_pieces("sku\n\"a\na\"\nbb\ncc\n", ProductFileFormat::csv, {.bytes = 10, .rows = 1}).value();
    ASSERT_EQ(csv.size(), 3U);
    EXPECT_EQ(csv[1].line_of_file(1), 1) << "the header";
    EXPECT_EQ(csv[1].line_of_file(2), 4);
    EXPECT_EQ(csv[2].line_of_file(2), 5);
    const auto ndjson = in_pieces("{}\n{}\n", ProductFileFormat::ndjson, {.bytes = 3, .rows = 1}).value();
    EXPECT_EQ(ndjson.at(1).line_of_file(1), 2);
}

}  // namespace
}  // namespace orderflow
