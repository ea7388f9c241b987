"""What is read from the headers of a PET series, whatever their writer did to them."""

import io
import warnings
from copy import deepcopy
from datetime import datetime, timedelta

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from app.dicom.pet_header import read_pet_header
from app.domain.pet_header import PetHeader
from app.domain.quantification import ReferenceRule
from app.quantification.quantify import quantify


def instance(n: int = 0, **changes) -> Dataset:
    """One slice of a small sound PET series."""
    item = Dataset()
    item.Radiopharmaceutical = "FDG"
    item.RadiopharmaceuticalStartTime = "100000.00"
    item.RadionuclideTotalDose = "300000000"
    item.RadionuclideHalfLife = "6586.2"
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "C-111A1", "SRT", "18F"
    item.RadionuclideCodeSequence = Sequence([code])
    ds = Dataset()
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.128"
    ds.SOPInstanceUID = f"1.2.3.{n + 1}"
    ds.Modality = "PT"
    ds.Manufacturer = "SIEMENS"
    ds.ImageType = ["ORIGINAL", "PRIMARY"]
    ds.SeriesDate, ds.SeriesTime = "20260301", "110000"
    ds.AcquisitionDate, ds.AcquisitionTime = "20260301", "110000"
    ds.PatientWeight, ds.PatientSize, ds.PatientSex = "70", "1.65", "F"
    ds.Units = "BQML"
    ds.CorrectedImage = ["NORM", "DTIM", "ATTN", "SCAT", "DECY", "RAN"]
    ds.AttenuationCorrectionMethod = "measured"
    ds.DecayCorrection = "START"
    ds.SeriesType = ["WHOLE BODY", "IMAGE"]
    ds.ActualFrameDuration = "180000"
    ds.FrameReferenceTime = "89858"
    ds.RescaleSlope, ds.RescaleIntercept = f"{1.0 + n / 10}", "0"
    ds.SliceThickness, ds.PixelSpacing = "3", ["4", "4"]
    ds.RadiopharmaceuticalInformationSequence = Sequence([item])
    for keyword, value in changes.items():
        if value is None:
            delattr(ds, keyword)
        else:
            setattr(ds, keyword, value)
    return ds


def through_file(ds: Dataset, syntax=ImplicitVRLittleEndian) -> Dataset:
    """The data set as a reader gets it back from a file."""
    ds = deepcopy(ds)
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = syntax
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    buffer.seek(0)
    return dcmread(buffer)


def test_a_sound_series():
    header = read_pet_header([instance(n) for n in range(3)])
    assert [one.slope for one in header.slices] == [1.0, 1.1, 1.2]
    assert header.heterogeneous_tags == ()
    assert header.reconstruction.pixel_spacing_mm == (4.0, 4.0)
    assert header.radiopharmaceuticals[0].start_time.since_midnight == timedelta(hours=10)
    result = quantify(header)
    assert result.suvbw_factor == pytest.approx(70000.0 / (3e8 * 2.0 ** (-3600 / 6586.2)))


def test_no_slices_give_an_empty_header():
    assert read_pet_header([]) == PetHeader()


def test_missing_and_empty_values_are_absent_not_zero():
    bare = Dataset()
    bare.Modality = "PT"
    bare.PatientWeight = ""
    bare.Units = ""
    header = read_pet_header([bare])
    assert header.weight is None and header.size is None and header.units == ""
    assert header.slices[0].slope is None and header.slices[0].acquisition is None
    assert quantify(header).suvbw_refusal.code == "SUV_SOP_CLASS"


def test_garbled_values_are_absent():
    ds = instance()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for keyword, vr, raw in (
            ("PatientWeight", "DS", b"heavy "),
            ("RescaleSlope", "DS", b"1,5 "),
            ("ActualFrameDuration", "IS", b"12.7"),
            ("AcquisitionTime", "TM", b"late"),
            ("FrameReferenceTime", "DS", b"nan "),
        ):
            ds = _with_raw(ds, keyword, vr, raw)
        header = read_pet_header([ds])
    assert header.weight is None
    one = header.slices[0]
    assert (one.slope, one.acquisition, one.frame_reference_time_ms) == (None, None, None)
    assert {"SUV_RESCALE_SLOPE"} == {why.code for why in quantify(header).all_refusals}


def _with_raw(ds: Dataset, keyword: str, vr: str, raw: bytes) -> Dataset:
    from pydicom.datadict import tag_for_keyword
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import Tag

    tag = Tag(tag_for_keyword(keyword))
    ds[tag] = RawDataElement(tag, vr, len(raw), raw, 0, False, True)
    return ds


@pytest.mark.parametrize(
    ("changes", "tag"),
    [
        ({"Units": "GML"}, "(0054,1001)"),
        ({"PatientWeight": "71"}, "(0010,1030)"),
        ({"PatientWeight": None}, "(0010,1030)"),
        ({"PatientSize": "1.66"}, "(0010,1020)"),
        ({"PatientSex": "M"}, "(0010,0040)"),
        ({"CorrectedImage": ["ATTN", "DECY"]}, "(0028,0051)"),
        ({"DecayCorrection": "ADMIN"}, "(0054,1102)"),
        ({"SeriesTime": "110001"}, "(0008,0031)"),
    ],
)
def test_what_must_be_one_per_series(changes, tag):
    header = read_pet_header([instance(0), instance(1, **changes)])
    assert header.heterogeneous_tags == (tag,)
    assert quantify(header).suvbw_refusal.tag == tag


def test_dose_and_half_life_must_be_one_per_series():
    odd = instance(1)
    odd.RadiopharmaceuticalInformationSequence[0].RadionuclideTotalDose = "310000000"
    odd.RadiopharmaceuticalInformationSequence[0].RadionuclideHalfLife = "6588"
    header = read_pet_header([instance(0), odd])
    assert header.heterogeneous_tags == ("(0018,1075)", "(0018,1074)")


def test_numbers_and_orders_written_differently_are_one_value():
    same = instance(1, PatientWeight="70.0", CorrectedImage=list(instance().CorrectedImage)[::-1])
    assert read_pet_header([instance(0), same]).heterogeneous_tags == ()


def with_private(ds: Dataset, group: int, creator: str, element: int, vr: str, value) -> Dataset:
    block = ds.private_block(group, creator, create=True)
    block.add_new(element, vr, value)
    return ds


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRLittleEndian])
@pytest.mark.parametrize("vr", ["DT", "UN"])
def test_the_ge_scan_time_is_found_in_any_block_and_vr(syntax, vr):
    value = "20260301105958.00" if vr == "DT" else b"20260301105958.00 "
    ds = with_private(instance(), 0x0009, "SOMEBODY ELSE", 0x0D, "LO", "20200101000000")
    ds = with_private(ds, 0x0009, "GEMS_PETD_01", 0x0D, vr, value)
    header = read_pet_header([through_file(ds, syntax)])
    assert header.vendor.scan_tag == "(0009,xx0D)"
    assert header.slices[0].private_scan.local == datetime(2026, 3, 1, 10, 59, 58)
    assert header.vendor.creator_missing == ()
    assert quantify(header).reference_rule is ReferenceRule.PRIVATE


def test_the_siemens_scan_time():
    ds = with_private(instance(), 0x0071, "SIEMENS MED PT", 0x22, "DT", "20260301110000")
    header = read_pet_header([through_file(ds)])
    assert header.vendor.scan_tag == "(0071,xx22)"
    assert header.slices[0].private_scan.local == datetime(2026, 3, 1, 11)


@pytest.mark.parametrize("value", ["0.0005", b"0.0005", b"5.0E-4"])
def test_the_philips_factors_as_text_or_bytes(value):
    vr = "UN" if isinstance(value, bytes) else "DS"
    ds = instance(Units="CNTS", Manufacturer="Philips Medical Systems")
    ds = with_private(ds, 0x7053, "Philips PET Private Group", 0x00, vr, value)
    ds = with_private(ds, 0x7053, "Philips PET Private Group", 0x09, vr, "0" if vr == "DS" else b"")
    header = read_pet_header([through_file(ds)])
    assert header.vendor.philips_suv_factor == 0.0005
    assert quantify(header).suvbw_factor == 0.0005


def test_a_stripped_creator_is_forgiven_to_its_own_maker_only():
    for maker, factor in (("Philips", 0.0005), ("SIEMENS", None)):
        ds = instance(Units="CNTS", Manufacturer=maker)
        ds.add_new((0x7053, 0x1000), "DS", "0.0005")
        header = read_pet_header([ds])
        assert header.vendor.philips_suv_factor == factor
        assert header.vendor.creator_missing == (("(7053,xx00)",) if factor else ())


def test_another_creators_block_is_not_read():
    ds = instance(Units="CNTS", Manufacturer="Philips")
    ds = with_private(ds, 0x7053, "NOT PHILIPS", 0x00, "DS", "0.0005")
    assert read_pet_header([ds]).vendor.philips_suv_factor is None


def test_a_missing_acquisition_date_is_taken_from_the_series_and_said():
    header = read_pet_header([instance(AcquisitionDate=None)])
    assert header.acquisition_date_assumed
    assert header.slices[0].acquisition.local == datetime(2026, 3, 1, 11)
    assert "ACQUISITION_DATE_ASSUMED" in {item.code for item in quantify(header).findings}


def test_the_zone_of_the_series_and_of_the_injection():
    ds = instance(TimezoneOffsetFromUTC="+0100")
    item = ds.RadiopharmaceuticalInformationSequence[0]
    item.RadiopharmaceuticalStartDateTime = "20260301090000+0000"
    del item.RadiopharmaceuticalStartTime
    result = quantify(read_pet_header([ds]))
    assert result.decay_interval_s == 3600.0
    assert result.utc_offset_minutes == 60


def enhanced(frames: int = 2, ucum: str = "Bq/ml", **changes) -> Dataset:
    """An Enhanced PET with a real world value map per frame."""
    ds = instance(Units=None, CorrectedImage=None, DecayCorrection=None, SeriesType=None,
                  RescaleSlope=None, RescaleIntercept=None, AcquisitionTime=None,
                  FrameReferenceTime=None, ActualFrameDuration=None)  # fmt: skip
    ds.SOPClassUID = "1.2.840.10008.5.1.4.1.1.130"
    ds.NumberOfFrames = str(frames)
    ds.AttenuationCorrected = ds.DecayCorrected = ds.ScatterCorrected = "YES"
    ds.DecayCorrectionDateTime = "20260301110000"
    item = ds.RadiopharmaceuticalInformationSequence[0]
    item.RadiopharmaceuticalStartDateTime = "20260301100000"
    groups = []
    for n in range(frames):
        content = Dataset()
        content.FrameAcquisitionDateTime = f"202603011{n}0130"
        content.FrameReferenceDateTime = f"202603011{n}0300"
        content.FrameAcquisitionDuration = 180000.0
        unit = Dataset()
        keyword = "CodeValue" if len(ucum) <= 16 else "LongCodeValue"
        setattr(unit, keyword, ucum)
        unit.CodingSchemeDesignator, unit.CodeMeaning = "UCUM", ucum
        mapping = Dataset()
        mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept = 2.0 + n, 0.0
        mapping.MeasurementUnitsCodeSequence = Sequence([unit])
        transformation = Dataset()
        transformation.RescaleSlope, transformation.RescaleIntercept = "1", "0"
        group = Dataset()
        group.FrameContentSequence = Sequence([content])
        group.RealWorldValueMappingSequence = Sequence([mapping])
        group.PixelValueTransformationSequence = Sequence([transformation])
        groups.append(group)
    ds.PerFrameFunctionalGroupsSequence = Sequence(groups)
    measures = Dataset()
    measures.SliceThickness, measures.PixelSpacing = "3", ["4", "4"]
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    for keyword, value in changes.items():
        setattr(ds, keyword, value)
    return ds


def test_an_enhanced_pet():
    header = read_pet_header([through_file(enhanced())])
    assert header.units == "BQML"
    assert [one.slope for one in header.slices] == [2.0, 3.0]
    assert header.slices[1].acquisition.local == datetime(2026, 3, 1, 11, 1, 30)
    assert header.slices[0].actual_frame_duration_ms == 180000.0
    assert header.reconstruction.pixel_spacing_mm == (4.0, 4.0)
    result = quantify(header)
    assert result.reference_rule is ReferenceRule.ENHANCED
    assert result.decay_interval_s == 3600.0
    assert result.uptake_time_s == 90.0  # the first frame of this object starts at 10:01:30


@pytest.mark.parametrize(
    ("ucum", "units", "suv_type"),
    [
        ("g/ml{SUVbw}", "GML", "BW"),
        ("{SUVlbm}g/ml", "GML", "LBM"),
        ("g/ml{SUVlbm(Janma)}", "GML", "LBMJANMA"),
        ("g/ml{SUVlbm(James128)}", "GML", "LBMJAMES128"),
        ("cm2/ml{SUVbsa}", "CM2ML", "BSA"),
        ("{counts}", "CNTS", ""),
        ("furlong", "FURLONG", ""),
    ],
)
def test_units_of_a_real_world_value_map(ucum, units, suv_type):
    header = read_pet_header([enhanced(ucum=ucum)])
    assert (header.units, header.suv_type) == (units, suv_type)


def test_frames_of_different_units_are_refused():
    ds = enhanced()
    mapping = ds.PerFrameFunctionalGroupsSequence[1].RealWorldValueMappingSequence[0]
    mapping.MeasurementUnitsCodeSequence[0].CodeValue = "g/ml{SUVbw}"
    result = quantify(read_pet_header([ds]))
    assert result.suvbw_refusal.code == "SUV_MIXED_UNITS"


def test_an_enhanced_pet_without_decay_correction_goes_by_frame():
    header = read_pet_header([enhanced(DecayCorrected="NO")])
    assert header.slices[0].frame_reference.local == datetime(2026, 3, 1, 10, 3)
    assert quantify(header).reference_rule is ReferenceRule.FRAMES
