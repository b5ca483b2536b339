"""The demonstration: CISPD « Plaine centrale », the setting of annex 6 of the inspectorates' report.

Secteurs and partners' files are fictitious and say so; the état 4001 2012–2020 and the SSMSI base are real.
"""
