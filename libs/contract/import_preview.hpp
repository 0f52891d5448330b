// What an import of a file of products would change, for who asks before it is done.
#pragma once

#include <string>
#include <vector>

#include "libs/contract/product_file.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::contract {

// How many lines an answer tells of; the rest is counted.
inline constexpr std::size_t previewed_lines_max = 1000;

// JSON:
// {"dry_run":true,"importable":...,"rows":...,"new":...,"changed":...,"unchanged":...,"refused":...,"lines":[...]}.
// `known`: what is sold, in any order. `importable` is false when a rule is broken: then nothing of the file is taken.
std::string encode_import_preview(const ProductFile& file, const std::vector<orders::ShelfItem>& known);

}  // namespace orderflow::contract
