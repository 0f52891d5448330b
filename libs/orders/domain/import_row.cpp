#include "libs/orders/domain/import_row.hpp"

namespace orderflow::orders {

ImportedRow import_row(const ProductRow& row, const ShelfItem* known) {
    using Outcome = ImportedRow::Outcome;
    if (known == nullptr) return {Outcome::added, ShelfItem(row.product, Stock{row.on_hand.value_or(0), 0})};
    const auto on_hand = row.on_hand.value_or(known->stock.on_hand);
    if (on_hand < known->stock.reserved) return {Outcome::below_reserved, *known};
    const bool same = known->product == row.product && on_hand == known->stock.on_hand;
    return {same ? Outcome::same : Outcome::changed, ShelfItem(row.product, Stock{on_hand, known->stock.reserved})};
}

}  // namespace orderflow::orders
