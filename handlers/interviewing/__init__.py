"""The conversation about one questionnaire, from "Báo cáo" to the receipt: one file for each thing that can happen.

Other packages import only `handlers/interviewing/fill_in.py`.
"""
