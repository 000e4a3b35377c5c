"""What of the rates goes into the launch pack: every filing table, as CSV and as one workbook."""

from product_factory.assembled import AssembledProduct
from product_factory.shelf import MAX_TABLE_BYTES
from rating.tariff_tables import tables_of
from sandbox.workbook import workbook


def rate_files(product: AssembledProduct) -> dict[str, bytes]:
    """Write the tables that are filed: path within the pack → content.

    A table that an engine built stands as the product has it, with the hash of its inputs.
    Raises BadInput as the binding of the tariff does.
    """
    filed = tables_of(product)
    files = {f"rates/{table.name}.csv": table.csv().encode() for table in filed}
    for name, built in product.built.items():
        text = product.shelf.text(product.shelf.root.parent / built.file, MAX_TABLE_BYTES)
        files[f"rates/{name}.csv"] = text.encode()
    files["rates/rates.xlsx"] = workbook(filed)
    return files
